"""The officials' list: running dossiers by due, everything else newest first, 100 a page."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from xaso.dossiers import catalogue, clocks
from xaso.dossiers.models import FINAL, OPEN, UNDER_WAY, Dossier, State, SubTask, Supplement
from xaso.dossiers.queries import finding
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Sentence
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

PAGE = 100
_COLUMNS = (
    "id", "uuid", "code", "applicant", "state", "step", "frozen_id", "promise_at", "paused_at",
    "resolved_at", "ended_at", "is_mirror", "opened_at", "submitted_at", "version",
    "procedure__name", "holder__full_name", "unit__name", "finance",
)  # fmt: skip
GROUPS: dict[str, Sentence] = {
    "running": _("Đang xử lý"),
    "late": _("Quá hạn"),
    "today": _("Hẹn hôm nay"),
    "near": _("Gần hạn"),
    "week": _("Trong tuần này"),
    "new": _("Chờ tiếp nhận"),
    "paused": _("Chờ dân bổ sung, nộp phí"),
    "unanswered": _("Tờ khai còn thiếu"),
    "withdrawing": _("Xin rút"),
    "approve": _("Chờ duyệt yêu cầu bổ sung"),
    "unit": _("Đơn vị tôi, chưa ai nhận"),
    "asked": _("Hỏi ý kiến đơn vị tôi"),
    "ready": _("Có kết quả, chờ trả"),
    "drafts": _("Bản nháp"),
    "mirror": _("Theo dõi hệ thống khác"),
    "done": _("Đã xong"),
    "all": _("Tất cả"),
}
_BY_STATE: dict[str, str] = {
    State.SUPPLEMENT: "paused",
    State.PAYMENT: "paused",
    State.WITHDRAWING: "withdrawing",
    State.RESOLVED: "ready",
}
_BY_DUE = frozenset({"running", "late", "today", "near", "week"})
_RUNNING = Q(state__in=UNDER_WAY, paused_at__isnull=True)


@dataclass(frozen=True)
class DossierFilter:
    """What an official wants to see."""

    words: str = ""
    group: str = "running"
    unit: int | None = None
    is_mine: bool = False
    procedure: int | None = None
    village: int | None = None
    page: int = 1


@dataclass(frozen=True)
class Line:
    """One line of the list."""

    uuid: UUID
    code: str
    applicant: str
    procedure: str
    state: str
    step: str
    holder: str
    due_at: datetime | None
    paused_at: datetime | None
    done_at: datetime | None
    is_late: bool
    is_mirror: bool
    opened_at: datetime

    @property
    def about(self) -> str:
        """Return who asked and where it stands, in one line."""
        return " · ".join(filter(None, (self.applicant, self.state, self.step)))


@dataclass(frozen=True)
class Listed:
    """One page."""

    lines: Sequence[Line]
    page: int
    has_more: bool


def listed(
    commune: Commune, wanted: DossierFilter, *, by: Actor, now: datetime | None = None
) -> Listed:
    """Return a page of dossiers; at most three statements, however many dossiers there are."""
    now = now or clock.now()
    rows = _narrowed(_grouped(commune, wanted, now), wanted, by)
    rows = finding.matching(rows, wanted.words, commune.id)
    start = (max(1, wanted.page) - 1) * PAGE
    found = list(_ordered(rows, wanted).values(*_COLUMNS)[start : start + PAGE + 1])
    contents = catalogue.kept_all(commune.id, {row["frozen_id"] for row in found[:PAGE]})
    labels = {str(state): str(state.label) for state in State}
    lines = []
    for row in found[:PAGE]:
        step = contents[row["frozen_id"]].step(row["step"])
        lines.append(_line(row, labels, step.name if step else "", now))
    return Listed(lines, max(1, wanted.page), len(found) > PAGE)


def _grouped(commune: Commune, wanted: DossierFilter, now: datetime) -> QuerySet[Dossier]:
    rows = Dossier.objects.filter(commune=commune)
    if wanted.words:
        return rows
    if wanted.group == "near":
        return rows.filter(condition("running", now), near_due(commune.id, now))
    return rows.filter(condition(wanted.group, now))


def near_due(commune: UUID, now: datetime) -> Q:
    """Return which promises end within the working hours that the commune calls near."""
    hours = catalogue.settings_of(commune).near_due_hours
    until = clocks.later(now, hours * 60, clocks.calendar(commune))
    return Q(promise_at__gte=now, promise_at__lt=until)


def condition(group: str, now: datetime) -> Q:
    """Return which dossiers belong to a group of the list."""
    tonight, sunday = ends(now)
    running = _RUNNING & Q(is_mirror=False)
    conditions = {
        "running": running,
        "late": running & Q(promise_at__lt=now),
        "today": running & Q(promise_at__gte=now, promise_at__lt=tonight),
        "week": running & Q(promise_at__gte=now, promise_at__lt=sunday),
        "new": Q(state__in=[State.WAITING, State.INTAKE_SUPPLEMENT], is_mirror=False),
        "paused": Q(state__in=[State.SUPPLEMENT, State.PAYMENT]),
        "unanswered": Q(unanswered__gt=0, state__in=UNDER_WAY, is_mirror=False),
        "withdrawing": Q(state=State.WITHDRAWING),
        "approve": Q(_proposed(), state=State.IN_PROGRESS, is_mirror=False),
        "unit": running & Q(holder__isnull=True, unit__isnull=False),
        "asked": Q(state__in=UNDER_WAY),
        "ready": Q(state=State.RESOLVED),
        "drafts": Q(state=State.DRAFT, is_mirror=False),
        "mirror": Q(is_mirror=True) & ~Q(state__in=FINAL),
        "done": Q(state__in=FINAL),
        "all": Q(),
    }
    return conditions.get(group, running)


def _proposed() -> Exists:
    """Return whether a supplement waits for a leader's word."""
    slips = Supplement.objects.filter(dossier=OuterRef("pk"), state=Supplement.State.PROPOSED)
    return Exists(slips)


def asked_of(unit: int) -> Exists:
    """Return whether a unit was asked something and has not answered."""
    rows = SubTask.objects.filter(dossier=OuterRef("pk"), unit=unit, state=SubTask.State.OPEN)
    return Exists(rows)


def ends(now: datetime) -> tuple[datetime, datetime]:
    """Return the end of the local day and of the local week."""
    today = dates.local(now).date()
    tonight = datetime.combine(today + timedelta(days=1), time.min, dates.ZONE)
    return tonight, tonight + timedelta(days=6 - today.weekday())


def _narrowed(rows: QuerySet[Dossier], wanted: DossierFilter, by: Actor) -> QuerySet[Dossier]:
    if wanted.unit:
        rows = rows.filter(unit=wanted.unit)
    if wanted.is_mine and by.kind == "official":
        rows = rows.filter(holder=int(by.id))
    if wanted.group == "unit":
        rows = rows.filter(unit=by.unit_id or 0)
    if wanted.group == "asked":
        rows = rows.filter(asked_of(by.unit_id or 0))
    if wanted.procedure:
        rows = rows.filter(procedure=wanted.procedure)
    if wanted.village:
        rows = rows.filter(village=wanted.village)
    return rows


def _ordered(rows: QuerySet[Dossier], wanted: DossierFilter) -> QuerySet[Dossier]:
    if not wanted.words and wanted.group in _BY_DUE:
        return rows.order_by("promise_at", "id")
    return rows.order_by("-opened_at", "-id")


def _line(row: dict[str, Any], labels: dict[str, str], step: str, now: datetime) -> Line:
    is_running = row["state"] in UNDER_WAY and row["paused_at"] is None and not row["is_mirror"]
    due = row["promise_at"]
    return Line(
        uuid=row["uuid"],
        code=row["code"],
        applicant=row["applicant"],
        procedure=row["procedure__name"],
        state=labels[row["state"]],
        step=step,
        holder=row["holder__full_name"] or row["unit__name"] or "",
        due_at=due if is_running else None,
        paused_at=row["paused_at"],
        done_at=row["resolved_at"] or row["ended_at"],
        is_late=bool(is_running and due and due < now),
        is_mirror=row["is_mirror"],
        opened_at=row["opened_at"],
    )


def counts(commune: Commune | UUID, now: datetime, *, by: Actor | None = None) -> dict[str, int]:
    """Return how many dossiers stand in each open group: one statement that reads an index alone.

    The groups are those of `condition`; open dossiers are counted by what tells them apart.
    """
    tonight, sunday = ends(now)
    until = {"late": now, "today": tonight, "week": sunday}
    me = int(by.id) if by is not None and by.kind == "official" else None
    rows = Dossier.objects.filter(commune=commune, state__in=OPEN).order_by()
    alike = rows.values_list(
        "state",
        "is_mirror",
        ExpressionWrapper(Q(paused_at__isnull=True), BooleanField()),
        Case(
            *(When(promise_at__lt=end, then=Value(name)) for name, end in until.items()),
            default=Value(""),
        ),
        ExpressionWrapper(Q(holder__isnull=False, holder=me), BooleanField()),
    )
    found = Counter(
        dict.fromkeys(("running", *until, "new", "paused", "withdrawing", "ready", "mine"), 0)
    )
    for state, is_mirror, runs, due, is_mine, many in alike.annotate(many=Count("*")):
        for group in _groups(state, due, runs=runs, is_mirror=is_mirror):
            found[group] += many
        found["mine"] += many if is_mine else 0
    return dict(found)


def _groups(state: str, due: str, *, runs: bool, is_mirror: bool) -> Iterator[str]:
    """Yield the groups of open dossiers of one kind; who is due today is also due this week."""
    if runs and not is_mirror and state in UNDER_WAY:
        yield "running"
        if due:
            yield due
        if due == "today":
            yield "week"
    if state in (State.WAITING, State.INTAKE_SUPPLEMENT) and not is_mirror:
        yield "new"
    if state in _BY_STATE:
        yield _BY_STATE[state]


def lines_of(rows: QuerySet[Dossier], commune: Commune, now: datetime, most: int) -> Sequence[Line]:
    """Return the first dossiers as lines of the list, in their order; two statements."""
    found = list(rows.values(*_COLUMNS)[:most])
    contents = catalogue.kept_all(commune.id, {row["frozen_id"] for row in found})
    labels = {str(state): str(state.label) for state in State}
    lines = []
    for row in found:
        step = contents[row["frozen_id"]].step(row["step"])
        lines.append(_line(row, labels, step.name if step else "", now))
    return lines
