"""Find a report by its code, its sender's key, or words without accents."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import fold, spoken_code
from xaso.reports import catalogue
from xaso.reports.models import Approval, Report, RoutingTrace, Tombstone

MOST_FOUND = 1_000  # newest first; more than anyone reads
_MOST_WORDS = 8


class MistypedCode(Invalid):
    """The check digit does not fit: somebody misheard or mistyped one digit."""

    sentence = _("Mã sai một số, bà con xem lại.")


class Erased(Refusal):
    """The report was deleted under a rule; `stone` is what remains of it."""

    sentence = _("Phản ánh này đã được xóa theo quy định. Mã này không dùng nữa.")
    status = 410

    def __init__(self, stone: Tombstone) -> None:
        """Keep the tombstone."""
        super().__init__()
        self.stone = stone


def check_code(text: str) -> str:
    """Return the nine digits of a typed code. Refuses with MistypedCode or NotFound."""
    code = spoken_code.normalise(text)
    if spoken_code.is_valid(code):
        return code
    if code.isdigit() and code.isascii() and len(code) in range(7, 12):
        raise MistypedCode
    raise NotFound


def by_code(commune: Commune | UUID, code: str) -> Report:
    """Return a report with its village, unit, sender and answer. Refuses with NotFound and Erased.

    Six tables: with two more, working out the order of joins costs PostgreSQL three milliseconds,
    ten times as much as fetching. Of a parent only the code is read (`parent_code`); the term is
    among the categories in memory.
    """
    return _one(_rows(), commune, code)


def with_route(commune: Commune | UUID, code: str) -> Report:
    """Return a report as `by_code` does, with two facts that only officials need.

    `route` is why it went where (a plain mapping), `is_asked` whether a request about it waits.
    """
    last = RoutingTrace.objects.filter(report=OuterRef("pk")).order_by("-id")
    route = JSONObject(
        steps="steps",
        decided_by="decided_by",
        book_version="book_version",
        facts="facts",
        error="error",
        unit="unit_id",
        person="person_id",
        unit_name="unit__name",
        person_name="person__full_name",
    )
    asked = Approval.objects.filter(report=OuterRef("pk"), state=Approval.State.OPEN)
    rows = _rows().annotate(route=Subquery(last.values(said=route)[:1]), is_asked=Exists(asked))
    return _one(rows, commune, code)


def _rows() -> QuerySet[Report]:
    rows = Report.objects.select_related("village", "unit", "assignee", "reporter", "answer")
    parents = Report.objects.filter(pk=OuterRef("parent")).values("code")
    stamped: QuerySet[Report] = rows.annotate(
        stamp=catalogue.stamp_of(OuterRef("commune")), parent_code=Subquery(parents)
    )
    return stamped


def _one(rows: QuerySet[Report], commune: Commune | UUID, code: str) -> Report:
    found = rows.filter(commune=commune, code=code).first()
    if found is None:
        raise _gone(Tombstone.objects.filter(commune=commune, code=code))
    return found


def _gone(stones: QuerySet[Tombstone]) -> Refusal:
    """Return why there is no such report: it was deleted, or there never was one."""
    stone = stones.first()
    return Erased(stone) if stone else NotFound()


def kinds_of(report: Report) -> catalogue.Categories:
    """Return the categories of a report's commune, by the stamp `by_code` read with it."""
    return catalogue.stamped(report.commune_id, getattr(report, "stamp", None))


def by_uuid(commune: Commune | UUID, uuid: UUID) -> Report:
    """Return a report by its sender's key. Refuses with NotFound and Erased."""
    found = Report.objects.filter(commune=commune, uuid=uuid).first()
    if found is None:
        raise _gone(Tombstone.objects.filter(commune=commune, uuid=uuid))
    return found


def folded_words(text: str) -> list[str]:
    """Return the words somebody searches for, folded; a code in threes becomes one word."""
    code = spoken_code.normalise(text)
    if code.isdigit() and len(code) >= 3:
        return [code]
    return fold(text).split()[:_MOST_WORDS]


def matching(
    rows: QuerySet[Report], text: str, *, is_public: bool, most: int = MOST_FOUND
) -> QuerySet[Report]:
    """Keep the newest reports that hold every word; accents do not matter.

    `most` may be no more than one page when nothing else narrows the rows: most searches end there.
    """
    words = folded_words(text)
    if not words:
        return rows
    function = "reports_search_public" if is_public else "reports_search"
    keys = RawSQL(f"SELECT {function}(%s, %s)", [words, most])  # noqa: S611  (our own names)
    return rows.filter(pk__in=keys)
