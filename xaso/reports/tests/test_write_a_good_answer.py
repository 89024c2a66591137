"""The gate: an answer says what was done, when, by whom, and shows it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from xaso.kernel.text import fold
from xaso.reports import gate

TODAY = date(2026, 11, 27)
GOOD = gate.Draft(
    text="Xã đã huy động 1 máy xúc và 14 dân quân dọn hết khoảng 60 m³ đất. Đường thông lúc 16:00.",
    kind="fixed",
    done_on=TODAY,
    done_by="Ban Chỉ huy quân sự xã",
    new_photos=1,
)
ABOUT = gate.Circumstances(
    today=TODAY, received_at=datetime(2026, 11, 25, tzinfo=UTC), is_photo_required=True
)


def rules(draft: gate.Draft, about: gate.Circumstances = ABOUT) -> list[str]:
    return [fault.rule for fault in gate.check(draft, about).faults if fault.is_hard]


def test_a_good_answer_passes() -> None:
    result = gate.check(GOOD, ABOUT)
    assert result.is_passed
    assert all(row["ok"] for row in result.stored())


def test_the_bare_template_fails_every_rule_it_should() -> None:
    text = "Cảm ơn ông/bà đã phản ánh. UBND xã đã tiếp thu và sẽ xử lý theo quy định."
    about = replace(ABOUT, templates=(text,))
    result = gate.check(gate.Draft(text=text), about)
    assert {f.rule for f in result.faults if f.is_hard} == {"Q1", "Q3", "Q4", "Q5"}
    assert {f.rule for f in result.faults if not f.is_hard} == {"Q9"}
    assert {row["rule"] for row in result.stored() if not row["ok"]} == {
        "Q1", "Q3", "Q4", "Q5", "Q9",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"kind": ""}, "Q1"),
        ({"text": "Đã xong " * 20}, "Q1"),
        ({"done_on": None}, "Q2"),
        ({"done_on": date(2026, 11, 28)}, "Q2"),
        ({"kind": "planned"}, "Q2"),
        ({"kind": "planned", "planned_on": date(2026, 11, 26)}, "Q2"),
        ({"done_by": ""}, "Q3"),
        ({"new_photos": 0}, "Q4"),
        ({"new_photos": 0, "waiver": "không có"}, "Q4"),
        ({"kind": "not_ours"}, "Q7"),
        ({"text": GOOD.text + " Gọi 0912 345 678."}, "Q8"),
        ({"done_by": "Anh Sơn 0912345678"}, "Q8"),
    ],
)
def test_each_rule_alone(change: dict[str, object], rule: str) -> None:
    assert rules(replace(GOOD, **change)) == [rule]


def test_only_who_leads_may_do_without_the_photo() -> None:
    waived = replace(GOOD, new_photos=0, waiver="Đoạn này chưa có sóng, chưa gửi ảnh về được.")
    assert rules(waived) == ["Q4"]
    assert rules(waived, replace(ABOUT, may_waive=True)) == []


def test_an_answer_to_somebody_else_is_not_sent_again() -> None:
    about = replace(ABOUT, earlier=frozenset({fold(GOOD.text)}))
    assert rules(GOOD, about) == ["Q5"]
    assert rules(GOOD, replace(about, is_repeat_confirmed=True)) == []


def test_the_senders_name_stays_out_and_the_desk_phone_may_stand() -> None:
    named = replace(GOOD, text=GOOD.text + " Cảm ơn bà Giàng Thị Mỷ.")
    assert rules(named, replace(ABOUT, names=("Giàng Thị Mỷ",))) == ["Q8"]
    phoned = replace(GOOD, text=GOOD.text + " Gọi 0213 555 0135.")
    assert rules(phoned, replace(ABOUT, phones=frozenset({"02135550135"}))) == []
