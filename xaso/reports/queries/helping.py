"""What helpers brought, and sheets of paper with what was typed in from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound
from xaso.kernel.text import spoken_code
from xaso.reports import catalogue, states
from xaso.reports.actions import papering
from xaso.reports.models import HelperPhone, PaperSheet, Report, State

MOST = 30
_MOST_PHONES = 100


@dataclass(frozen=True)
class Brought:
    """A report somebody brought, as anybody with its code sees it."""

    code: str
    kind: str
    state: str
    received_at: datetime
    is_on_behalf: bool

    @property
    def spoken(self) -> str:
        """Return the code in threes."""
        return spoken_code.grouped(self.code)


@dataclass(frozen=True)
class Row:
    """A box of a sheet: its number, and the report typed in from it, if any."""

    number: int
    code: str = ""
    kind: str = ""

    @property
    def spoken(self) -> str:
        """Return the code in threes."""
        return spoken_code.grouped(self.code) if self.code else ""


def brought(commune: Commune, by: Actor) -> Sequence[Brought]:
    """Return the last reports an official brought: state and date, no words. Two statements."""
    kinds = catalogue.of(commune.id)
    rows = Report.objects.filter(commune=commune, helper=int(by.id)).order_by("-received_at")
    found = rows.values("code", "category_id", "state", "received_at", "is_on_behalf")[:MOST]
    return [
        Brought(
            row["code"],
            kinds.name(row["category_id"]),
            str(states.PUBLIC[State(row["state"])]),
            row["received_at"],
            row["is_on_behalf"],
        )
        for row in found
    ]


def phones(commune: Commune, helper: str = "") -> Sequence[HelperPhone]:
    """Return helpers' phones, those still joined first; of one helper, or of all."""
    rows = HelperPhone.objects.filter(commune=commune).select_related("helper")
    if helper:
        rows = rows.filter(helper=int(helper))
    return list(rows.order_by(F("ended_at").desc(nulls_first=True), "-created_at")[:_MOST_PHONES])


def sheets(commune: Commune) -> Sequence[PaperSheet]:
    """Return the sheets that are not finished, then the last finished ones."""
    rows = PaperSheet.objects.filter(commune=commune).select_related("village")
    waiting = list(rows.filter(finished_at=None).order_by("number")[:MOST])
    return [*waiting, *rows.exclude(finished_at=None).order_by("-number")[:MOST]]


def sheet(commune: Commune, number: int) -> PaperSheet:
    """Return a sheet by its number. Refuses with NotFound."""
    rows = PaperSheet.objects.select_related("village", "helper", "photo", "commune")
    found = rows.filter(commune=commune, number=number).first()
    if found is None:
        raise NotFound
    return found


def rows(of: PaperSheet) -> Sequence[Row]:
    """Return the six boxes of a sheet, in order."""
    keys = {papering.row_key(of, n): n for n in range(1, PaperSheet.ROWS + 1)}
    kinds = catalogue.of(of.commune_id)
    found = Report.objects.filter(commune=of.commune_id, uuid__in=list(keys))
    typed = {keys[r["uuid"]]: r for r in found.values("uuid", "code", "category_id")}
    return [
        Row(n, typed[n]["code"], kinds.name(typed[n]["category_id"])) if n in typed else Row(n)
        for n in keys.values()
    ]
