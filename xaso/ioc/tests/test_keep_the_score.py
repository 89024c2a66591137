"""The score through the year: kept, closed, corrected, compared with the portal."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from openpyxl import Workbook

from xaso.ioc import actions, queries, tasks
from xaso.ioc.actions.scores import NotOverYet
from xaso.ioc.kpi import deeds, definition, gathering, versions
from xaso.ioc.kpi.scoring import Ratio
from xaso.ioc.kpi.shipped import SHIPPED
from xaso.ioc.models import Baseline, KpiRun
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound
from xaso.kernel.text.dates import ZONE
from xaso.kernel.working_time import clock

NOVEMBER = date(2026, 11, 1)
DECEMBER_TENTH = datetime(2026, 12, 10, 2, 0, tzinfo=ZONE)
HEAD = "period,department,metric_code,numerator,denominator,score\n"


def test_a_day_is_kept_and_nothing_is_ever_changed(town: Commune) -> None:
    run = actions.keep_day(town, by=SYSTEM)
    assert (run.month, run.as_of, run.set_version) == (NOVEMBER, date(2026, 11, 23), 1)
    petitions = run.scores.get(metric="PETITION_PROCESSING_ON_TIME")
    assert (petitions.part, petitions.whole, petitions.points) == (0, 0, 6)
    silent = run.scores.get(metric="PAY_C")
    assert (silent.part, silent.points) == (None, None)
    assert run.coverage < 1
    with pytest.raises(DatabaseError), transaction.atomic():
        KpiRun.objects.filter(pk=run.pk).update(total=100)


def test_a_month_closes_once_and_is_corrected_with_a_reason(town: Commune) -> None:
    with pytest.raises(NotOverYet):
        actions.close_month(town, NOVEMBER, by=SYSTEM)
    with clock.at(DECEMBER_TENTH):
        tasks.keep_score(commune=town.id)
        closed = queries.newest_run(town, NOVEMBER, KpiRun.Source.OWN)
        assert closed is not None
        assert (closed.revision, closed.as_of) == (1, date(2026, 11, 30))
        tasks.keep_score(commune=town.id)  # again: nothing new is closed
        with pytest.raises(actions.AlreadyClosed):
            actions.close_month(town, NOVEMBER, by=SYSTEM)
        with pytest.raises(actions.AlreadyClosed):
            actions.keep_day(town, by=SYSTEM, day=date(2026, 11, 30))
        with pytest.raises(Invalid):
            actions.correct_month(town, NOVEMBER, "  ", by=SYSTEM)
        again = actions.correct_month(town, NOVEMBER, "Nhập sót hai hồ sơ", by=SYSTEM)
    assert [run.revision for run in queries.closings(town, NOVEMBER)] == [again.revision, 1]
    assert [run.pk for run in queries.past_totals(town, NOVEMBER)] == [again.pk]


def test_a_month_is_scored_with_the_set_in_force_at_its_end(town: Commune) -> None:
    body = definition.as_json(SHIPPED.groups, SHIPPED.metrics)
    body["metrics"][0]["factor"] = "3"
    new = actions.NewSet(body, date(2026, 12, 1), "Quyết định thử (hư cấu)")
    row = actions.publish_set(new, commune=town, by=SYSTEM)
    assert versions.in_force(town, date(2026, 11, 30)) == SHIPPED
    assert versions.in_force(town, date(2026, 12, 1)).metrics[0].factor == Fraction(3)
    assert versions.numbered(town, row.version).valid_from == date(2026, 12, 1)
    with pytest.raises(Invalid):
        actions.publish_set(new, commune=town, by=SYSTEM)  # not after the newest
    with pytest.raises(Invalid):
        actions.publish_set(actions.NewSet(body, date(2027, 1, 1), " "), commune=town, by=SYSTEM)


def sheet(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(HEAD.strip().split(","))
    for row in rows:
        page.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_the_portals_scores_come_from_a_file(town: Commune) -> None:
    body = sheet(
        ("2026-11", "Bình Lư", "PROGRESS", 95, 100, 19.0),
        ("2026-11", "Bình Lư", "DOSSIER_SYNC", None, None, "5,88"),
        ("2026-10", "Bình Lư", "PROGRESS", 1, 2, 10),
    )
    run = actions.take_portal_scores(town, NOVEMBER, "cong.XLSX", body, by=SYSTEM)
    assert (run.total, run.coverage, run.scores.count()) == (Decimal("24.88"), Decimal("0.26"), 2)
    text = (HEAD.replace(",", ";") + "2026-11;x;progress;95;100;18,5\n").encode("utf-8-sig")
    again = actions.take_portal_scores(town, NOVEMBER, "cong.csv", text, by=SYSTEM)
    newest = queries.newest_run(town, NOVEMBER, KpiRun.Source.PORTAL)
    assert newest is not None
    assert (newest.pk, newest.total) == (again.pk, Decimal("18.5"))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.csv", b""),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.csv", b"period,department\n2026-11,x\n"),
        ("a.csv", (HEAD + "2026-10,x,PROGRESS,1,2,10\n").encode()),
        ("a.csv", (HEAD + "2026-11,x,NOBODY,1,2,10\n").encode()),
        ("a.csv", (HEAD + "2026-11,x,PROGRESS,3,2,10\n").encode()),
        ("a.csv", (HEAD + "2026-11,x,PROGRESS,1,2,20.01\n").encode()),
        ("a.csv", (HEAD + "2026-11,x,PROGRESS,một,2,10\n").encode()),
        ("a.csv", (HEAD + "2026-11,x,PROGRESS,NaN,2,10\n").encode()),
        ("a.csv", (HEAD + "2026-11,x,PROGRESS,1,2,9\n" * 2).encode()),
        ("a.xlsx", b"PK not a book"),
        ("a.csv", b"x" * (2 * 1024 * 1024 + 1)),
    ],
)
def test_a_broken_file_is_refused_and_nothing_is_kept(
    town: Commune, name: str, body: bytes
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.take_portal_scores(town, NOVEMBER, name, body, by=SYSTEM)
    assert refused.value.errors["file"]
    assert not KpiRun.objects.exists()


def test_deeds_are_ordered_by_what_each_piece_brings() -> None:
    now: dict[str, Ratio | None] = {
        "ORIGINAL_RESULT_AVAILABLE": Ratio.of(90, 98),
        "SO_HOA_GIAY_TO_GIAI_QUYET": Ratio.of(50, 98),
        "ONLINE_A": Ratio.of(70, 100),  # 80 are enough
        "PROGRESS": Ratio.of(1, 2),  # what is late stays late
        "PAY_C": None,
    }
    found = deeds.offered(SHIPPED, now)
    assert [(d.metric, d.pieces) for d in found] == [
        ("ORIGINAL_RESULT_AVAILABLE", 8),
        ("SO_HOA_GIAY_TO_GIAI_QUYET", 48),
        ("ONLINE_A", 10),
    ]
    assert found[0].points == Decimal("0.49")
    assert "8 kết quả" in found[0].text


@pytest.mark.parametrize(
    ("day", "last"),
    [(date(2026, 2, 1), 28), (date(2028, 2, 1), 29), (date(2026, 12, 1), 31), (NOVEMBER, 30)],
)
def test_months_end_where_they_end(day: date, last: int) -> None:
    assert gathering.last_of(day) == day.replace(day=last)


def new_baseline(**changes: object) -> actions.NewBaseline:
    said = {
        "meter": Baseline.Meter.HOURS,
        "value": Decimal(16),
        "first": date(2026, 1, 1),
        "last": date(2026, 6, 30),
        "method": "Đếm tay trong sổ theo dõi",
        "evidence": "Báo cáo sáu tháng (hư cấu)",
        "key": "1.001193",
        "cases": 120,
    }
    return actions.NewBaseline(**(said | changes))  # type: ignore[arg-type]


def test_a_baseline_is_replaced_never_overwritten(town: Commune) -> None:
    first = actions.set_baseline(new_baseline(), commune=town, by=SYSTEM)
    second = actions.set_baseline(new_baseline(value=Decimal(14)), commune=town, by=SYSTEM)
    assert [row.pk for row in queries.baselines(town)] == [second.pk]
    assert Baseline.objects.get(pk=first.pk).value == 16
    actions.take_back_baseline(second.pk, commune=town, by=SYSTEM)
    assert not queries.baselines(town)
    with pytest.raises(NotFound):
        actions.take_back_baseline(second.pk, commune=town, by=SYSTEM)


@pytest.mark.parametrize(
    "wrong",
    [
        {"meter": "luck"},
        {"value": Decimal(0)},
        {"meter": Baseline.Meter.PAPER, "value": Decimal(101)},
        {"last": date(2025, 12, 31)},
        {"last": date(2027, 1, 1)},
        {"method": " "},
        {"evidence": ""},
    ],
)
def test_a_baseline_without_proof_is_refused(town: Commune, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        actions.set_baseline(new_baseline(**wrong), commune=town, by=SYSTEM)


def test_petitions_come_from_the_reports(
    town: Commune, send: Callable[..., object], django_assert_max_num_queries: Callable[..., object]
) -> None:
    send()  # an ordinary report is no petition
    with django_assert_max_num_queries(6):  # type: ignore[attr-defined]
        given = gathering.gather(town, NOVEMBER, date(2026, 11, 23))
    assert given["PETITION_PROCESSING_ON_TIME"] == Ratio.of(0, 0)
