"""A commune's categories in memory, kept as long as their stamp stays the same.

Checking the stamp costs one statement; reading the categories again costs one more, only after
someone changed them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Subquery
from django.utils.translation import gettext

from xaso.reports.models.catalogue import Catalogue, Category, CategoryTerm
from xaso.reports.models.questions import CategoryQuestion

_kept: dict[UUID, "Categories"] = {}


@dataclass(frozen=True)
class Kind:
    """A category as pages and actions need it; `name` is translated when it is read."""

    id: int
    parent_id: int | None
    code: str
    plain_name: str
    plain_hint: str
    icon: str
    stream: str
    pin: str
    sensitivity: str
    is_publishable: bool
    is_after_photo_required: bool
    is_approval_required: bool
    is_active: bool
    unit_id: int | None
    terms: tuple[CategoryTerm, ...]  # newest first
    keywords: str = ""
    questions: tuple[CategoryQuestion, ...] = ()  # ended ones too, in their order
    also_in: tuple[str, ...] = ()  # codes of further groups
    alike_within_m: int = 250
    alike_days: int = 28

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return gettext(self.plain_name)

    @property
    def hint(self) -> str:
        """Return the example in the reader's language."""
        return gettext(self.plain_hint) if self.plain_hint else ""

    def term(self, day: date) -> CategoryTerm:
        """Return the term that holds on a day; the earliest one for days before it."""
        return next((t for t in self.terms if t.valid_from <= day), self.terms[-1])

    def asked(self, moment: datetime) -> tuple[CategoryQuestion, ...]:
        """Return the questions that stand at a moment."""
        return tuple(q for q in self.questions if q.is_asked_at(moment))


@dataclass(frozen=True)
class Categories:
    """All categories of a commune under one stamp."""

    stamp: UUID
    feedback_days: int
    wait_days: int
    by_id: Mapping[int, Kind]
    changed_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    offers_regulations: bool = False
    review_days: int = 2
    meeting_days: int = 5
    remind_days: tuple[int, ...] = (4, 8)

    @cached_property
    def by_code(self) -> dict[str, Kind]:
        """Return the categories by their code."""
        return {kind.code: kind for kind in self.by_id.values()}

    @cached_property
    def choices(self) -> tuple[Kind, ...]:
        """Return what a resident can choose from, in order."""
        return tuple(k for k in self.by_id.values() if k.is_active and k.terms)

    def name(self, category_id: int) -> str:
        """Return the name of a category in the reader's language."""
        kind = self.by_id.get(category_id)
        return kind.name if kind else ""


def of(commune: UUID) -> Categories:
    """Return the categories of a commune; empty for one that was never set up."""
    row = Catalogue.objects.filter(commune=commune).first()
    return under(commune, row)


def just_read(commune: UUID) -> Categories:
    """Return the categories that this request has read already, without asking again."""
    return _kept.get(commune) or of(commune)


def stamped(commune: UUID, stamp: UUID | None) -> Categories:
    """Return the categories under a stamp read elsewhere; only a new stamp costs statements."""
    kept = _kept.get(commune)
    return kept if kept is not None and kept.stamp == stamp else of(commune)


def stamp_of(commune: UUID | OuterRef) -> Subquery:
    """Return the stamp as an expression, to be read together with something else."""
    return Subquery(Catalogue.objects.filter(commune=commune).values("stamp")[:1])


def under(commune: UUID, row: Catalogue | None) -> Categories:
    """Return the categories under a stamp that was read together with something else."""
    if row is None:
        return Categories(UUID(int=0), 5, 10, {})
    kept = _kept.get(commune)
    if kept is None or kept.stamp != row.stamp:
        kept = _kept[commune] = _read(commune, row)
    return kept


def _read(commune: UUID, row: Catalogue) -> Categories:
    terms = CategoryTerm.objects.order_by("-valid_from")
    rows = Category.objects.filter(commune=commune).prefetch_related(
        Prefetch("terms", terms), Prefetch("questions", CategoryQuestion.objects.order_by("order"))
    )
    return Categories(
        stamp=row.stamp,
        feedback_days=row.feedback_days,
        wait_days=row.wait_days,
        by_id={r.id: _kind(r) for r in rows},
        changed_at=row.changed_at,
        offers_regulations=row.offers_regulations,
        review_days=row.review_days,
        meeting_days=row.meeting_days,
        remind_days=tuple(row.remind_days),
    )


def _kind(row: Category) -> Kind:
    return Kind(
        id=row.id,
        parent_id=row.parent_id,
        code=row.code,
        plain_name=row.name,
        plain_hint=row.hint,
        icon=row.icon,
        stream=row.stream,
        pin=row.pin,
        sensitivity=row.sensitivity,
        is_publishable=row.is_publishable,
        is_after_photo_required=row.is_after_photo_required,
        is_approval_required=row.is_approval_required,
        is_active=row.is_active,
        unit_id=row.unit_id,
        terms=tuple(row.terms.all()),
        keywords=row.keywords,
        questions=tuple(row.questions.all()),
        also_in=tuple(row.also_in),
        alike_within_m=row.alike_within_m,
        alike_days=row.alike_days,
    )
