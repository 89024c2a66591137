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
    confirmed = replace(about, is_repeat_confirmed=True)
    assert rules(GOOD, confirmed) == ["Q5"]  # an officer alone cannot
    assert rules(GOOD, replace(confirmed, may_repeat=True)) == []


def test_a_template_is_filled_in_before_it_is_sent() -> None:
    template = (
        "Tổ [tên tổ] đã dọn xong đất đá ở [chỗ nào] ngày [ngày], đường rộng như cũ, xe đi lại được."
    )
    about = replace(ABOUT, templates=(template,))
    assert rules(replace(GOOD, text=template), about) == ["Q5"]
    half = template.replace("[tên tổ]", "giao thông xã")
    (fault,) = gate.check(replace(GOOD, text=half), about).faults
    assert "[chỗ nào]" in str(fault.sentence)
    filled = half.replace("[chỗ nào]", "dốc Chu Va 12").replace("[ngày]", "27/11")
    assert rules(replace(GOOD, text=filled), about) == []


def test_a_photo_from_before_the_report_proves_nothing() -> None:
    old = replace(GOOD, new_photos=0, old_photos=1)
    (fault,) = [f for f in gate.check(old, ABOUT).faults if f.is_hard]
    assert (fault.rule, "trước khi bà con báo" in str(fault.sentence)) == ("Q4", True)


def test_a_question_about_rules_is_answered_point_by_point_with_the_law() -> None:
    asked = "1. Vì sao phải nộp hai bản?\n2. Nộp ở đâu?"
    about = replace(ABOUT, is_regulation=True, asked=asked, is_photo_required=False)
    law = (
        "Theo Nghị định 61/2018/NĐ-CP bà con chỉ nộp một bản tại bộ phận một cửa của xã, buổi sáng."
    )
    assert rules(replace(GOOD, text=f"1. {law}"), about) == ["Q6"]
    assert rules(replace(GOOD, text=f"1. {law}\n2. Ở tầng một trụ sở xã."), about) == []
    without = f"1. {law}\n2. Ở tầng một.".replace("61/2018/NĐ-CP", "mới")
    assert rules(replace(GOOD, text=without), about) == ["Q6"]


@pytest.mark.parametrize(
    ("contact", "is_enough"),
    [
        ("Điện lực Tam Đường, chuyển ngày 24/11, 0213 387 9999", True),
        ("Điện lực Tam Đường, chuyển ngày 24/11, tổng đài 19006769", True),
        ("Điện lực Tam Đường, 0213 387 9999", False),
        ("Điện lực Tam Đường, 24/11", False),
        ("24/11, 0213 387 9999", False),
    ],
)
def test_what_others_do_says_who_when_and_whom_to_call(contact: str, *, is_enough: bool) -> None:
    passed_on = replace(GOOD, kind="not_ours", contact=contact)
    assert (rules(passed_on) == []) is is_enough
    relayed = replace(ABOUT, is_forwarded=True)
    assert (rules(replace(GOOD, contact=contact), relayed) == []) is is_enough


def test_soft_rules_are_said_and_block_nothing() -> None:
    about = replace(ABOUT, is_voice=True)
    result = gate.check(replace(GOOD, text=GOOD.text + " BQLDA đã nghiệm thu."), about)
    assert result.is_passed
    assert {f.rule for f in result.faults} == {"Q9", "Q10"}


def test_a_waiver_names_its_person() -> None:
    waived = replace(GOOD, new_photos=0, waiver="Đoạn này chưa có sóng, chưa gửi ảnh về được.")
    rows = gate.check(waived, replace(ABOUT, may_waive=True)).stored("Lò Văn Pâng")
    assert [row["rule"] for row in rows] == [f"Q{n}" for n in range(1, 11)]
    assert [row["waived_by"] for row in rows if "waived_by" in row] == ["Lò Văn Pâng"]


def test_the_senders_name_stays_out_and_the_desk_phone_may_stand() -> None:
    named = replace(GOOD, text=GOOD.text + " Cảm ơn bà Giàng Thị Mỷ.")
    assert rules(named, replace(ABOUT, names=("Giàng Thị Mỷ",))) == ["Q8"]
    phoned = replace(GOOD, text=GOOD.text + " Gọi 0213 555 0135.")
    assert rules(phoned, replace(ABOUT, phones=frozenset({"02135550135"}))) == []
