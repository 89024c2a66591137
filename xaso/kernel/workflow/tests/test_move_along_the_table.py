"""Records move only along their table, only by the right people, only when guards agree."""

from itertools import pairwise

import pytest

from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.workflow.rendering import markdown
from xaso.kernel.workflow.table import (
    START,
    Facts,
    GuardRefused,
    NotAllowed,
    NotYours,
    State,
    Table,
    Transition,
)
from xaso.kernel.workflow.walks import random_walks

CLERK = Actor("official", "7", "desk", frozenset({"one_stop_clerk"}))
RESIDENT = Actor("resident", "device:9", "web")


def has_answer(facts: Facts) -> str | None:
    """An answer of at least ten letters."""
    return None if len(str(facts.get("text", ""))) >= 10 else "Câu trả lời còn ngắn quá."


def step(action: str, sources: str, target: str | None, who: str, **rest: object) -> Transition:
    names = frozenset("" if s == "-" else s for s in sources.split())
    return Transition(action, names, target, frozenset(who.split()), **rest)  # type: ignore[arg-type]


STATES = [
    State("new", "Mới", "Đã nhận"),
    State("working", "Đang làm"),
    State("closed", "Đóng", "Đã xong", is_final=True),
    State("refused", "Không xử lý", is_final=True),
]
STEPS = [
    step("receive", "-", "new", "resident helper"),
    step("accept", "new", "working", "one_stop_clerk", label="Tiếp nhận"),
    step("answer", "working", "closed", "one_stop_clerk", guards=(has_answer,), clock="stop"),
    step("decide", "new working", "closed", "one_stop_clerk"),
    step("decide", "new working", "refused", "one_stop_clerk"),
    step("note", "new working closed", None, "one_stop_clerk system"),
]
TABLE = Table(STATES, STEPS)


def test_a_step_leads_on() -> None:
    assert TABLE.step(START, "receive", RESIDENT).target == "new"
    assert TABLE.step("working", "answer", CLERK, text="Đã thay bóng đèn").clock == "stop"
    assert TABLE.step("closed", "note", SYSTEM).lands("closed") == "closed"


def test_buttons_are_the_steps_of_this_person() -> None:
    assert [each.action for each in TABLE.allowed("new", CLERK)] == [
        "accept",
        "decide",
        "decide",
        "note",
    ]
    assert TABLE.allowed("new", RESIDENT) == []


def test_a_wrong_state_is_refused_by_its_name() -> None:
    with pytest.raises(NotAllowed, match="“Đóng”") as refused:
        TABLE.step("closed", "answer", CLERK)
    assert (refused.value.code, refused.value.status) == ("not_allowed", 409)


def test_a_wrong_person_is_refused() -> None:
    with pytest.raises(NotYours) as refused:
        TABLE.step("new", "accept", RESIDENT)
    assert refused.value.status == 403


def test_a_guard_says_why() -> None:
    with pytest.raises(GuardRefused, match="ngắn quá"):
        TABLE.step("working", "answer", CLERK, text="Rồi")


def test_of_two_rows_the_one_whose_guard_agrees_counts() -> None:
    urgent = step("answer", "working", "closed", "one_stop_clerk", clock="urgent")
    table = Table(STATES, [*STEPS[:3], urgent])
    assert table.step("working", "answer", CLERK).clock == "urgent"


def test_two_ends_need_a_choice() -> None:
    assert TABLE.step("new", "decide", CLERK, to="refused").target == "refused"
    with pytest.raises(ValueError, match="needs `to`"):
        TABLE.step("new", "decide", CLERK)
    with pytest.raises(NotAllowed):
        TABLE.step("new", "decide", CLERK, to="working")


def test_an_unknown_action_is_our_fault_not_the_persons() -> None:
    with pytest.raises(ValueError, match="dance"):
        TABLE.step("new", "dance", CLERK)


def test_parts_can_depend_on_the_record() -> None:
    def parts(actor: Actor, facts: Facts) -> frozenset[str]:
        return frozenset({"sender"}) if facts.get("sender") == actor.id else frozenset()

    table = Table(STATES, [*STEPS, step("withdraw", "new", "closed", "sender")], parts)
    assert table.step("new", "withdraw", RESIDENT, sender="device:9").target == "closed"
    with pytest.raises(NotYours):
        table.step("new", "withdraw", RESIDENT, sender="device:8")


def test_a_sound_table_has_no_faults() -> None:
    assert TABLE.check() == []


def test_a_trap_and_an_island_are_found() -> None:
    trap, island = State("trap", "Bẫy"), State("island", "Đảo", is_final=True)
    table = Table([*STATES, trap, island], [*STEPS, step("fall", "new", "trap", "system")])
    assert table.check() == ["island is never reached", "trap has no way to an end"]
    assert "no state is final" in Table([State("a", "A")], []).check()


def test_a_table_cannot_use_states_it_lacks() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        Table(STATES, [step("go", "new", "nowhere", "system")])
    with pytest.raises(ValueError, match="twice"):
        Table([*STATES, STATES[0]], STEPS)


def test_every_walk_stays_on_the_table() -> None:
    walks = list(random_walks(TABLE, seed=5, count=200))
    assert walks == list(random_walks(TABLE, seed=5, count=200))
    assert {each.target for walk in walks for each in walk} == set(TABLE.states)
    for walk in walks:
        assert walk[0].source == START
        for before, after in pairwise(walk):
            assert before.target == after.source


def test_the_table_documents_itself() -> None:
    page = markdown(TABLE)
    assert "| new | Mới | Đã nhận |  |" in page
    assert (
        "| `answer` | working | closed | one_stop_clerk | An answer of at least ten letters |"
        in page
    )
    assert "| `receive` | - | new |" in page
    assert "| `note` | new, working, closed | same |" in page
