"""A refused action tells a person why, and a machine what."""

import pytest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from xaso.kernel.refusals import Invalid, NotFound, Refusal, TooMany


class AlreadyAnswered(Refusal):
    sentence = _("Phản ánh này đã được trả lời.")


class TOTPMissing(Refusal):
    sentence = _("Cần %(digits)s số.")


class Named(Refusal):
    code = "own_name"


def test_a_person_reads_the_sentence() -> None:
    assert str(AlreadyAnswered()) == "Phản ánh này đã được trả lời."
    assert str(AlreadyAnswered("Đã trả lời sáng nay.")) == "Đã trả lời sáng nay."


def test_the_sentence_takes_facts_of_the_case() -> None:
    refusal = TOTPMissing(digits=6)
    assert str(refusal) == str(refusal.sentence) == "Cần 6 số."
    assert refusal.params == {"digits": 6}


def test_a_percent_sign_without_facts_is_kept() -> None:
    assert str(Refusal("Đã dùng 100% chỗ.")) == "Đã dùng 100% chỗ."


def test_a_machine_reads_a_stable_code() -> None:
    codes = [kind.code for kind in (Refusal, AlreadyAnswered, TOTPMissing, Named, TooMany)]
    assert codes == ["refusal", "already_answered", "totp_missing", "own_name", "too_many"]


def test_status_says_what_kind_of_no() -> None:
    assert [k().status for k in (AlreadyAnswered, NotFound, TooMany, Invalid)] == [
        409,
        404,
        429,
        422,
    ]


@pytest.mark.parametrize(("asked", "given"), [(30, 30), (0, 1), (-5, 1)])
def test_waiting_takes_at_least_a_second(asked: int, given: int) -> None:
    assert TooMany(retry_after=asked).retry_after == given


def test_faults_are_named_by_field() -> None:
    assert Invalid(errors={"phone": ["Số quá ngắn."]}).errors == {"phone": ["Số quá ngắn."]}
    assert Invalid().errors == {}


def test_every_built_in_refusal_has_a_sentence() -> None:
    with override("vi"):
        assert all(str(kind()) for kind in (Refusal, NotFound, TooMany, Invalid))
