"""The one transition table of documents: it drives buttons, guards and the property tests."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from xaso.documents.models import State
from xaso.kernel.audit.actors import Actor
from xaso.kernel.refusals import Sentence
from xaso.kernel.workflow import table
from xaso.kernel.workflow.table import START, Facts, Guard, Transition

WRITER, SIGNER, SEAL = "writer", "signer", "seal"  # hats worn for one document
FINAL = {State.REPLACED, State.RECALLED, State.VOID}


def parts(actor: Actor, facts: Facts) -> frozenset[str]:
    """Return the hats somebody wears for a document: writer, its signer, keeper of the seal."""
    if actor.kind == "system":
        return frozenset({"system"})
    worn = set()
    if actor.is_one_of("one_stop_clerk", "officer", "leader"):
        worn.add(WRITER)
    if actor.is_one_of("one_stop_clerk", "officer"):
        worn.add(SEAL)
    if actor.is_one_of("leader") and actor.id == facts.get("signer"):
        worn.add(SIGNER)
    return frozenset(worn)


def says_why(facts: Mapping[str, Any]) -> Sentence | None:
    """Write a reason."""
    return None if facts.get("reason") else _("Bác ghi lý do.")


def is_frozen(facts: Mapping[str, Any]) -> Sentence | None:
    """Wait until the page is made and frozen."""
    return None if facts.get("frozen") else _("Bản ký đang được tạo. Bác chờ vài giây rồi thử lại.")


def is_stamped(facts: Mapping[str, Any]) -> Sentence | None:
    """Wait for the time stamp."""
    return _("Đang chờ dấu thời gian, chưa phát hành được.") if facts.get("awaits_stamp") else None


def is_valid(facts: Mapping[str, Any]) -> Sentence | None:
    """Have both signatures found valid by our own rules."""
    return None if facts.get("is_valid") else _("Chữ ký chưa kiểm tra đạt, chưa phát hành được.")


def _step(action: str, sources: Any, target: State | None, who: str, *rules: Guard) -> Transition:  # noqa: ANN401
    listed = {sources} if isinstance(sources, str) else set(sources)
    return Transition(
        action, frozenset(map(str, listed)), str(target) if target else None,
        frozenset(who.split()), rules,
    )  # fmt: skip


TABLE = table.Table(
    states=[table.State(str(s), s.label, "", s in FINAL) for s in State],
    parts=parts,
    transitions=(
        _step("draft", START, State.DRAFTING, "writer system"),
        _step("submit", {State.DRAFTING, State.RETURNED}, State.SUBMITTED, "writer system"),
        _step("return", State.SUBMITTED, State.RETURNED, "signer", says_why),
        _step("approve", State.SUBMITTED, State.APPROVED, "signer"),
        _step("number", State.APPROVED, State.NUMBERED, "system writer"),
        _step("sign", State.NUMBERED, State.SIGNED, "signer system", is_frozen),
        _step("seal", State.SIGNED, State.SEALED, "seal system"),
        _step("issue", State.SEALED, State.ISSUED, "seal system", is_stamped, is_valid),
        _step("void", {State.NUMBERED, State.SIGNED}, State.VOID, "signer seal", says_why),
        _step("replace", State.ISSUED, State.REPLACED, "signer system"),
        _step("recall", State.ISSUED, State.RECALLED, "signer", says_why),
    ),
)
