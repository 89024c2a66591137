"""What the national score takes from dossiers, and what people think of them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from xaso.dossiers import actions
from xaso.dossiers.models import Channel, Dossier, DossierFee, DossierRating, Result
from xaso.dossiers.queries import score
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
HOLDER = Actor("resident", "", "web")


def receive(centre: Commune, clerk: Actor, new: actions.NewDossier) -> Dossier:
    return actions.receive(new, by=clerk, commune=centre).dossier


def finish(row: Dossier, *, days: int = 1, signer: int, electronic: bool = False) -> None:
    """Write the end of a dossier as `actions.sign` does, without walking every step."""
    end = MONDAY + timedelta(days=days)
    on_time = end <= row.promise_at
    Dossier.objects.filter(pk=row.pk).update(
        state="DA_XU_LY_XONG", resolved_at=end, on_time_kpi=on_time, on_time_internal=on_time
    )
    Result.objects.create(
        commune_id=row.commune_id, dossier=row, name="Kết quả", register="so", year=2026,
        number=str(row.pk), signed_on=end.date(), signer_id=signer, sha256="b" * 64,
        is_electronic=electronic, link="/kq/1" if electronic else "", created_at=end,
    )  # fmt: skip


@pytest.fixture
def month(centre: Commune, clerk: Actor, new_dossier: Callable, office) -> Commune:
    """Five dossiers: done in time, done late, online with a file, online on paper, still open."""
    signer = office.leader.pk
    rows = [
        receive(centre, clerk, new_dossier(channel=channel))
        for channel in (1, 1, Channel.ONLINE, Channel.ONLINE, 1)
    ]
    finish(rows[0], signer=signer)
    finish(rows[1], days=30, signer=signer)
    finish(rows[2], signer=signer, electronic=True)
    finish(rows[3], signer=signer)
    DossierFee.objects.create(
        commune=centre, dossier=rows[2], code="LP", name="x", kind="le_phi", full_amount=8_000,
        amount=8_000, paid_at=MONDAY, paid_by="dvcqg", created_at=MONDAY,
    )  # fmt: skip
    DossierFee.objects.create(
        commune=centre, dossier=rows[0], code="LP", name="x", kind="le_phi", full_amount=8_000,
        amount=8_000, paid_at=MONDAY, paid_by="cash", created_at=MONDAY,
    )  # fmt: skip
    return centre


def pairs(commune: Commune) -> dict[str, tuple[int, int]]:
    return {code: (c.part, c.whole) for code, c in score.counted(commune, FIRST, LAST).items()}


def test_each_share_is_counted_as_the_note_says(month: Commune) -> None:
    with clock.at(datetime(2026, 12, 30, tzinfo=ZONE)):
        found = pairs(month)
    assert found["PROGRESS"] == (3, 5)  # one was late, one is overdue by the end of the month
    assert found["ONLINE_C"] == (1, 5)  # the other online one was answered on paper
    assert found["PAY_A"] == (1, 2)
    assert found["ORIGINAL_RESULT_AVAILABLE"] == (1, 4)
    assert found["SO_HOA_GIAY_TO_GIAI_QUYET"] == (4, 4)
    assert found["REUSED_DIGITIZED_DATA"] == (0, 5)
    assert found["DOSSIER_SYNC"] == (0, 5)
    assert found["DOSSIER_RECEIVING_SATISFACTION"] == (0, 0)  # nobody rated


def test_an_unfinished_one_is_on_time_until_the_period_ends(month: Commune) -> None:
    with clock.at(MONDAY + timedelta(hours=1)):
        assert pairs(month)["PROGRESS"] == (4, 5)


def test_a_second_supplement_is_overdue_whatever_the_dates(month: Commune) -> None:
    row = Dossier.objects.filter(on_time_kpi=True).first()
    assert row is not None
    Dossier.objects.filter(pk=row.pk).update(supplement_count=2)
    with clock.at(MONDAY + timedelta(hours=1)):
        counted = score.counted(month, FIRST, LAST)["PROGRESS"]
    assert (counted.part, counted.whole) == (3, 5)
    assert row.code in counted.missing


def test_what_is_missing_is_named(month: Commune) -> None:
    found = score.counted(month, FIRST, LAST)
    assert len(found["ORIGINAL_RESULT_AVAILABLE"].missing) == 3
    assert found["SO_HOA_GIAY_TO_GIAI_QUYET"].missing == ()
    assert found["ONLINE_A"].whole == 4
    assert pairs(month)["PUBLIC_CONTENT_FULL"][1] == 4


def test_another_month_is_empty(month: Commune) -> None:
    found = score.counted(month, date(2026, 10, 1), date(2026, 10, 31))
    assert (found["PROGRESS"].part, found["PROGRESS"].whole) == (0, 0)


def test_counting_takes_few_statements(month: Commune, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(14):
        score.counted(month, FIRST, LAST)


def test_people_say_what_they_think_once_it_is_done(month: Commune) -> None:
    done = Dossier.objects.filter(on_time_kpi=True).order_by("pk")
    with pytest.raises(actions.NotDoneYet):
        actions.rate(Dossier.objects.get(resolved_at=None), actions.Rating(2, "online"), by=HOLDER)
    with clock.at(MONDAY + timedelta(days=2)):
        actions.rate(done[0], actions.Rating(0, "online", "Chờ lâu"), by=HOLDER)
        actions.rate(done[0], actions.Rating(2, "online"), by=HOLDER)  # a change of mind
        actions.rate(done[1], actions.Rating(0, "counter"), by=HOLDER)
        with pytest.raises(Invalid):
            actions.rate(done[1], actions.Rating(5, "online"), by=HOLDER)
        assert pairs(month)["DOSSIER_RECEIVING_SATISFACTION"] == (1, 2)
    assert DossierRating.objects.count() == 2
    with clock.at(MONDAY + timedelta(days=40)), pytest.raises(actions.TooLate):
        actions.rate(done[0], actions.Rating(1, "online"), by=HOLDER)
