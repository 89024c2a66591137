"""The list of routing rules: changed in a draft, tried, then put in force as the next version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.errors import ShapelyError
from shapely.geometry import shape

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import clean_line
from xaso.kernel.working_time import clock
from xaso.reports import catalogue
from xaso.reports.models import RoutingRule, RuleBook

MOST_RULES = 200


class NothingDrafted(Refusal):
    """Nobody is changing the list."""

    sentence = gettext_lazy("Chưa có bản luật nào đang sửa. Bác bấm “Sửa danh sách luật” trước.")


@dataclass(frozen=True)
class RuleGiven:
    """One row as an administrator enters it; an empty condition means any."""

    name: str
    unit_id: int | None
    person_id: int | None = None
    categories: Sequence[str] = ()
    villages: Sequence[int] = ()
    area: Mapping[str, Any] | None = None
    streams: Sequence[str] = ()
    severities: Sequence[str] = ()
    channels: Sequence[str] = ()
    weekdays: Sequence[int] = ()
    time_from: time | None = None
    time_to: time | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    also_tell: Sequence[str] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    is_enabled: bool = True


@transaction.atomic
def open_rules(commune: Commune, *, by: Actor) -> RuleBook:
    """Return the draft of the list, opened as a copy of the one in force when there is none."""
    _lock(commune)
    draft = RuleBook.objects.filter(commune=commune, state=RuleBook.State.DRAFT).first()
    if draft is not None:
        return draft
    newest = RuleBook.objects.filter(commune=commune, state=RuleBook.State.PUBLISHED)
    copied = newest.order_by("-version").first()
    draft = RuleBook.objects.create(commune=commune, made_by=by.id, made_at=clock.now())
    rows = list(copied.rules.order_by("order")) if copied else []
    for number, row in enumerate(rows, 1):
        row.pk, row.book, row.order, row.approved_by = None, draft, number, ""
        row._state.adding = True  # noqa: SLF001  (a copy is a new row)
    RoutingRule.objects.bulk_create(rows)
    audit.record("reports.rules_opened", draft, by=by, commune=commune.id)
    return draft


@transaction.atomic
def save_rule(
    given: RuleGiven, *, commune: Commune, by: Actor, key: UUID | None = None
) -> RoutingRule:
    """Add a row at the end of the draft, or change one. Refuses with Invalid (errors by field)."""
    draft = _draft(commune)
    _check(given, commune)
    row = _row(draft, key) if key else RoutingRule(commune=commune, book=draft)
    if key is None:
        last = draft.rules.aggregate(last=Max("order"))["last"] or 0
        if last >= MOST_RULES:
            raise Invalid(_("Danh sách đã có quá nhiều luật. Bác gộp bớt lại giúp."))
        row.order = last + 1
    _fill(row, given)
    row.made_by = by.id
    row.save()
    _log("rule_saved", row, by=by)
    return row


@transaction.atomic
def move_rule(key: UUID, *, commune: Commune, by: Actor, is_up: bool) -> RoutingRule:
    """Let a row of the draft change places with its neighbour; at the end nothing happens."""
    draft = _draft(commune)
    row = _row(draft, key)
    beside = (
        draft.rules.filter(order__lt=row.order)
        if is_up
        else draft.rules.filter(order__gt=row.order)
    )
    other = beside.order_by("-order" if is_up else "order").first()
    if other is not None:
        row.order, other.order = other.order, row.order
        row.save(update_fields=["order"])
        other.save(update_fields=["order"])
        _log("rule_moved", row, by=by)
    return row


@transaction.atomic
def remove_rule(key: UUID, *, commune: Commune, by: Actor) -> None:
    """Take a row out of the draft; versions in force before keep theirs."""
    draft = _draft(commune)
    row = _row(draft, key)
    _log("rule_removed", row, by=by)
    row.delete()


@transaction.atomic
def discard_rules(*, commune: Commune, by: Actor) -> None:
    """Throw the draft away; the list in force stays."""
    draft = _draft(commune)
    audit.record("reports.rules_discarded", draft, by=by, commune=commune.id)
    draft.rules.all().delete()
    draft.delete()


@transaction.atomic
def publish_rules(*, commune: Commune, by: Actor) -> RuleBook:
    """Put the draft in force as the next version; reports already routed stay where they are."""
    draft = _draft(commune)
    newest = RuleBook.objects.filter(commune=commune, state=RuleBook.State.PUBLISHED)
    version = (newest.aggregate(last=Max("version"))["last"] or 0) + 1
    draft.rules.update(approved_by=by.id)
    draft.state, draft.version = RuleBook.State.PUBLISHED, version
    draft.approved_by, draft.published_at = by.id, clock.now()
    draft.save()
    changes = {"version": version, "rules": draft.rules.count()}
    audit.record("reports.rules_published", draft, by=by, commune=commune.id, changes=changes)
    return draft


def _lock(commune: Commune) -> None:
    """Let one person at a time make versions of a commune's list."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reports.rules:{commune.id}"]
        )


def _draft(commune: Commune) -> RuleBook:
    rows = RuleBook.objects.select_for_update()
    draft = rows.filter(commune=commune, state=RuleBook.State.DRAFT).first()
    if draft is None:
        raise NothingDrafted
    return draft


def _row(draft: RuleBook, key: UUID) -> RoutingRule:
    row = RoutingRule.objects.filter(book=draft, key=key).first()
    if row is None:
        raise NotFound
    return row


def _fill(row: RoutingRule, given: RuleGiven) -> None:
    row.name = clean_line(given.name)[:120]
    row.category_in = sorted(set(given.categories))
    row.village_in = sorted(set(given.villages))
    row.area = dict(given.area) if given.area else None
    row.stream_in = sorted(set(given.streams))
    row.severity_in = sorted(set(given.severities))
    row.channel_in = sorted(set(given.channels))
    row.weekday_in = sorted(set(given.weekdays))
    row.time_from, row.time_to = given.time_from, given.time_to
    row.answers = dict(given.answers)
    row.to_unit_id = given.unit_id or 0
    row.to_person_id = given.person_id
    row.also_tell = list(given.also_tell)
    row.valid_from, row.valid_to = given.valid_from, given.valid_to
    row.is_enabled = given.is_enabled


def _check(given: RuleGiven, commune: Commune) -> None:
    """Refuse with every fault at once, each beside its field."""
    people = {person.pk for person in identity.members(commune, permission="reports.work")}
    own = Village.objects.filter(commune=commune, pk__in=given.villages).count()
    ends = given.valid_to or date.max
    faults = {
        "name": (not clean_line(given.name), _("Bác đặt cho luật một cái tên ngắn.")),
        "unit": (
            given.unit_id not in {unit.pk for unit in identity.units(commune)},
            _("Bác chọn đơn vị nhận việc."),
        ),
        "person": (
            given.person_id is not None and given.person_id not in people,
            _("Người này không nhận việc phản ánh. Bác chọn người khác."),
        ),
        "categories": (
            set(given.categories) - set(catalogue.of(commune.id).by_code),
            _("Bác chọn loại việc trong danh sách."),
        ),
        "villages": (
            own != len(set(given.villages)),
            _("Bác chọn bản trong danh sách của xã."),
        ),
        "area": (
            given.area is not None and not _is_area(given.area),
            _("Khu vực này chưa dùng được: cần ba góc trở lên, các cạnh không cắt nhau."),
        ),
        "valid_to": (ends < (given.valid_from or date.min), _("Ngày cuối phải sau ngày đầu.")),
    }
    errors = {name: [sentence] for name, (is_wrong, sentence) in faults.items() if is_wrong}
    if errors:
        raise Invalid(errors=errors)


def _is_area(area: Mapping[str, Any]) -> bool:
    """Return whether a GeoJSON geometry is a sound area in degrees."""
    try:
        found = shape(dict(area))
        west, south, east, north = found.bounds
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError):
        return False
    is_in_degrees = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    return found.geom_type in {"Polygon", "MultiPolygon"} and found.is_valid and is_in_degrees


def _log(what: str, row: RoutingRule, *, by: Actor) -> None:
    changes = {"name": row.name, "order": row.order, "unit": row.to_unit_id}
    audit.record(f"reports.{what}", row, by=by, commune=row.commune_id, changes=changes)
