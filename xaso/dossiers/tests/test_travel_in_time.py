"""The law changes at midnight: what was received before stays under the law of its day."""

from datetime import date, datetime, timedelta

import msgspec
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from xaso.dossiers import actions, catalogue
from xaso.dossiers.actions.publishing import freeze
from xaso.dossiers.content import checks, shape
from xaso.dossiers.content.shape import StepRule
from xaso.dossiers.models import FrozenVersion, Procedure, ProcedureVersion
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.text.dates import ZONE, local
from xaso.kernel.working_time import clock

pytestmark = pytest.mark.django_db
OLD_LAW, NEW_LAW = "Luật Hộ tịch 60/2014/QH13", "Luật Hộ tịch 03/2026/QH16"
CHANGE = date(2027, 3, 1)


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


@pytest.fixture
def changing(office):
    """From 1 March 2027 another law holds: guardianship takes two working days, not three."""
    procedure = Procedure.objects.get(code="1.004837")
    draft = actions.open_version(procedure, by=SYSTEM)
    content = shape.read(draft.content)
    steps = [msgspec.structs.replace(each, minutes=200) for each in content.steps]
    content = msgspec.structs.replace(
        content,
        steps=steps,
        time=msgspec.structs.replace(content.time, n=2),
        text=msgspec.structs.replace(content.text, legal_basis=[NEW_LAW]),
    )
    draft = actions.save_version(draft, shape.write(content), by=SYSTEM)
    return actions.publish(draft, CHANGE, by=SYSTEM)


def test_a_minute_before_and_at_midnight(office, changing, new_dossier) -> None:
    with clock.at(at(2027, 2, 28, 23, 59)):
        before = actions.receive(new_dossier(), by=office.clerk, commune=office.commune).dossier
    with clock.at(at(2027, 3, 1, 0, 0)):
        after = actions.receive(new_dossier(), by=office.clerk, commune=office.commune).dossier
    old = catalogue.kept(before.commune_id, before.frozen_id)
    new = catalogue.kept(after.commune_id, after.frozen_id)
    assert old.text.legal_basis[0].startswith(OLD_LAW)
    assert new.text.legal_basis == [NEW_LAW]
    assert local(before.promise_at) == at(2027, 3, 3, 17)  # Sunday night counts as Monday 7:30
    assert local(before.legal_at) == at(2027, 3, 3, 17)
    assert local(after.promise_at) == at(2027, 3, 2, 17)
    assert before.code.endswith("-270228-0001")
    assert after.code.endswith("-270301-0001")
    with clock.at(at(2027, 3, 2, 9)):  # the old one goes on under its own law and steps
        moved = actions.hand_over(
            before, actions.Handing(receiver_id=office.officer.pk), by=office.clerk
        )
    assert moved.frozen_id == before.frozen_id
    assert moved.promise_at == before.promise_at


def test_a_draft_of_yesterday_is_accepted_under_the_law_of_today(
    office, changing, new_dossier
) -> None:
    with clock.at(at(2027, 2, 26, 16)):
        waits = actions.submit_new(new_dossier(), by=office.clerk, commune=office.commune).dossier
    with clock.at(at(2027, 3, 1, 8)):
        taken = actions.accept(waits, [], by=office.clerk)
    assert catalogue.kept(taken.commune_id, taken.frozen_id).text.legal_basis == [NEW_LAW]


def test_one_version_a_day_and_the_past_stays(office, changing) -> None:
    old = ProcedureVersion.objects.get(procedure=changing.procedure, number=1)
    assert old.valid_to == CHANGE
    late = actions.open_version(changing.procedure, by=SYSTEM)
    with pytest.raises(actions.TooEarly):
        actions.publish(late, date(2026, 1, 2), by=SYSTEM)
    with pytest.raises(actions.TooEarly):
        actions.publish(late, CHANGE, by=SYSTEM)
    with pytest.raises(actions.NotADraft):
        actions.save_version(changing, changing.content, by=SYSTEM)
    for change in ({"content": {}}, {"valid_from": CHANGE + timedelta(days=1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ProcedureVersion.objects.filter(pk=old.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenVersion.objects.filter(pk=old.frozen_id).update(content={})
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcedureVersion.objects.filter(pk=old.pk).update(valid_to=None)


def test_days_without_any_version_are_asked_about(office, changing) -> None:
    with clock.at(at(2027, 3, 1, 8)):
        actions.retire(changing, date(2027, 3, 10), by=SYSTEM)
        later = actions.open_version(changing.procedure, by=SYSTEM)
        with pytest.raises(actions.LeavesGap, match="10/03/2027 đến hết 19/03/2027"):
            actions.publish(later, date(2027, 3, 20), by=SYSTEM)
        meant = actions.publish(later, date(2027, 3, 20), by=SYSTEM, leaves_gap=True)
    assert meant.valid_from == date(2027, 3, 20)


def test_a_version_that_follows_at_once_leaves_no_gap(office, changing) -> None:
    with clock.at(at(2027, 3, 1, 8)):
        actions.retire(changing, date(2027, 3, 10), by=SYSTEM)
        later = actions.open_version(changing.procedure, by=SYSTEM)
        assert actions.publish(later, date(2027, 3, 10), by=SYSTEM).valid_from == date(2027, 3, 10)


def test_the_same_words_are_frozen_once(office) -> None:
    content = ProcedureVersion.objects.get(procedure__code="1.004837").content
    assert freeze(office.commune.id, content).pk == freeze(office.commune.id, dict(content)).pk


def test_a_version_goes_out_and_comes_in_as_json(office, changing) -> None:
    told = actions.export_version(changing)
    told["procedure"]["code"] = "XA-THU"
    made = actions.import_version(told, by=SYSTEM, commune=office.commune)
    assert made.procedure.code == "XA-THU"
    assert made.content == changing.content
    told["version"]["time"]["so"] = 3
    with pytest.raises(Exception, match="Dữ liệu chưa đúng"):
        actions.import_version(told, by=SYSTEM, commune=office.commune)
    with pytest.raises(Exception, match="không phải thủ tục"):
        actions.import_version({"format": "khác"}, by=SYSTEM, commune=office.commune)


def _steps(*rows: tuple[str, str, int, list[str]]) -> list[StepRule]:
    return [StepRule(code, code, kind, minutes=n, next=after) for code, kind, n, after in rows]


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "ít nhất một bước"),
        (_steps(("a", "tham_dinh", 9, ["b"]), ("b", "trinh_ky", 9, ["a"])), "vòng tròn"),
        (_steps(("a", "trinh_ky", 9, []), ("b", "tham_dinh", 9, ["a"])), "Không có đường nào"),
        (_steps(("a", "tham_dinh", 9, ["x"])), "không có"),
        (_steps(("a", "tham_dinh", 9, [])), "bước trình ký"),
        (_steps(("a", "tham_dinh", 900, ["b"]), ("b", "trinh_ky", 900, [])), "nhiều hơn thời hạn"),
    ],
)
def test_what_may_not_be_published(steps, words) -> None:
    content = shape.Content(steps=steps, time=shape.Time(unit="NGAY_LV", n=3))
    said = " ".join(f.sentence for f in checks.faults(content) if not f.is_warning)
    assert words in said
