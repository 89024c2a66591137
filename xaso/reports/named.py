"""Whom a report about officials names: by the unit chosen, or in its words by name or office.

Reading too much into words costs a reader; reading too little shows somebody what was said about
them. So every unit and person that the words may mean is taken.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from xaso.kernel.identity import queries as identity
from xaso.kernel.identity.models import Official
from xaso.kernel.text import fold
from xaso.kernel.working_time import clock
from xaso.reports import catalogue
from xaso.reports.models import KeptFrom, Report, Stream
from xaso.reports.routing import reading
from xaso.reports.routing.rules import Around

PERSON = "about_person"  # the answer that names somebody in words
_ABOUT_PEOPLE = (Stream.COMPLAINT, Stream.DENUNCIATION, Stream.SECURITY_TIP)
_HOUSE = re.compile(r"\b(ubnd|uy ban|hdnd|hoi dong|xa|phuong|thi tran)\b.*")


@dataclass(frozen=True)
class Named:
    """The keys of units and officials."""

    units: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()

    def rows(self, report: Report) -> list[KeptFrom]:
        """Return what is kept of it, for a report that may not be stored yet."""
        common = {"commune_id": report.commune_id, "created_at": clock.now()}
        units = [KeptFrom(unit_id=key, **common) for key in sorted(self.units)]
        return units + [KeptFrom(official_id=key, **common) for key in sorted(self.people)]


def may_name(report: Report, kinds: catalogue.Categories) -> bool:
    """Return whether a report is of the sort that complains about officials."""
    is_staff = kinds.by_id[report.category_id].code.startswith(reading.STAFF)
    return is_staff or report.stream in _ABOUT_PEOPLE


def of(report: Report, there: Around) -> Named:
    """Return whom a report names; one statement, for the commune's officials."""
    said = f"{report.text or ''} . {report.answers.get(PERSON, '')}"
    officials = identity.members(report.commune_id)
    chosen = there.codes.get(str(report.answers.get(reading.ABOUT, "")))
    units = reading.units_in(said, there) | ({chosen} if chosen is not None else set())
    return Named(frozenset(units), frozenset(people_in(said, officials)))


def people_in(said: str, officials: Iterable[Official]) -> set[int]:
    """Return the officials that words name: by full name, or by an office as `chủ tịch`.

    The longest office counts: "phó chủ tịch" is not the chairman.
    """
    words = f" {_plain(said)} "
    found = set()
    offices: dict[str, set[int]] = {}
    for person in officials:
        name = _plain(person.full_name)
        if " " in name and f" {name} " in words:
            found.add(person.pk)
        office = _HOUSE.sub("", _plain(person.position)).strip()
        if " " in office:
            offices.setdefault(office, set()).add(person.pk)
    for office in sorted(offices, key=len, reverse=True):
        if f" {office} " in words:
            found |= offices[office]
            words = words.replace(f" {office} ", " . ")
    return found


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()
