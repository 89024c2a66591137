"""Looks that are odd: put together by a job, decided by a human; a resident may ask about one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound, Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import clean_text, dates
from xaso.kernel.working_time import clock
from xaso.population import rulebook
from xaso.population.actions import rights
from xaso.population.actions.persons import locked
from xaso.population.models import (
    LookAlert,
    LookVerdict,
    Membership,
    OddLook,
    Person,
    RequestKind,
    StaffPerson,
    ViewLog,
)
from xaso.population.queries.people import today

BACK = timedelta(hours=26)  # looked through every hour: a job that did not run is made good
_HOUR = timedelta(hours=1)
_LISTS = ("population.export", "population.import")  # many at once by their nature, logged apart
_WATCHED = "official"


class OwnLooks(Refusal):
    """Nobody decides about their own looks."""

    sentence = _("Đây là lượt xem của chính bác, người khác kết luận giúp.")


class DecidedAlready(Refusal):
    """Somebody decided meanwhile."""

    sentence = _("Lượt xem này đã có kết luận rồi.")


@dataclass
class _Seen:
    """What belongs to one alert."""

    kind: str
    viewer: str
    slot: str
    looks: list[ViewLog]


@transaction.atomic
def look_over(commune: Commune) -> int:
    """Find odd looks of the last day by the dated rules; return how many alerts are new.

    Many persons in an hour by one account; looks at night; officials' own records, their
    families' and colleagues', unless the look belongs to a dossier. Twice is once.
    """
    now = clock.now()
    rows = ViewLog.objects.filter(commune=commune, viewer_kind=_WATCHED, at__gte=now - BACK)
    looks: dict[str, list[ViewLog]] = defaultdict(list)
    for row in rows.order_by("at", "id"):
        looks[row.viewer].append(row)
    kin = _kin(commune.id) if rulebook.amount(commune.id, "watch.family") else {}
    found = [
        each
        for viewer, mine in looks.items()
        for each in (
            *_many(viewer, mine, rulebook.amount(commune.id, "watch.persons")),
            *_at_night(viewer, mine, commune.id),
            *_near(viewer, mine, kin),
        )
    ]
    known = set(LookAlert.objects.filter(commune=commune).values_list("kind", "viewer", "slot"))
    new = [each for each in found if (each.kind, each.viewer, each.slot) not in known]
    LookAlert.objects.bulk_create([_alert(commune.id, each) for each in new], ignore_conflicts=True)
    return len(new)


def look_over_all() -> None:
    """Look over every commune: what the worker calls by the hour."""
    for commune in Commune.objects.all():
        with tenancy.inside(commune.id):
            look_over(commune)


@transaction.atomic
def complain(person: Person, look: int, text: str, *, by: Actor) -> LookAlert:
    """Ask what a look at one's own record was for; once for a look, with the clocks of a request.

    Refuses with NotFound (not a look at this record).
    """
    row = locked(person)
    seen = ViewLog.objects.filter(person=row, pk=look, viewer_kind=_WATCHED).first()
    if seen is None:
        raise NotFound
    known = LookAlert.objects.filter(kind=OddLook.COMPLAINT, look=seen).first()
    if known is not None:
        return known
    said = clean_text(text)[: rights.MOST]
    request = rights.ask(row, rights.NewRequest(RequestKind.COMPLAIN, said), by=by)
    alert = _alert(row.commune_id, _Seen(OddLook.COMPLAINT, seen.viewer, str(seen.pk), [seen]))
    alert.look, alert.request = seen, request
    alert.save(force_insert=True)
    audit.record("population.look_questioned", alert, by=by, commune=row.commune_id)
    return alert


@transaction.atomic
def decide_alert(alert: UUID, verdict: str, note: str, *, by: Actor) -> LookAlert:
    """Say what odd looks were; a resident who asked reads the note as the answer.

    Refuses with NotFound, OwnLooks, DecidedAlready, and NothingSaid without words.
    """
    row = LookAlert.objects.select_for_update().filter(pk=alert).first()
    if row is None or verdict not in LookVerdict.values or not verdict:
        raise NotFound
    if (row.viewer_kind, row.viewer) == (by.kind, by.id):
        raise OwnLooks
    if row.verdict:
        raise DecidedAlready
    row.note = rights.said(note)
    row.verdict, row.decided_by, row.decided_at = verdict, by.id[:64], clock.now()
    row.save()
    if row.request is not None:
        rights.close_request(row.request, note, by=by)
    audit.record(
        "population.look_judged", row, by=by, commune=row.commune_id,
        changes={"kind": row.kind, "verdict": verdict},
    )  # fmt: skip
    return row


@transaction.atomic
def say_who_works_here(person: Person, official: int | None, *, by: Actor) -> StaffPerson | None:
    """Say whose own record this is, or nobody's; looks at it are watched from then on.

    Refuses with NotFound for somebody who does not work in the commune.
    """
    row = locked(person)
    StaffPerson.objects.filter(commune=row.commune_id, person=row).delete()
    kept = None
    if official is not None:
        found = identity.official(official, row.commune_id)
        if found is None:
            raise NotFound
        StaffPerson.objects.filter(commune=row.commune_id, official=found).delete()
        kept = StaffPerson.objects.create(
            commune_id=row.commune_id, official=found, person=row, set_by=by.id[:64],
            set_at=clock.now(),
        )  # fmt: skip
    audit.record(
        "population.staff_said", row, by=by, commune=row.commune_id,
        changes={"official": official},
    )  # fmt: skip
    return kept


def _many(viewer: str, looks: Sequence[ViewLog], most: int) -> Iterator[_Seen]:
    """Find hours with too many persons: a window of an hour that slides over the looks."""
    looks = [row for row in looks if row.purpose not in _LISTS]
    first, counted = 0, defaultdict[UUID, int](int)
    told: dict[str, _Seen] = {}
    for place, row in enumerate(looks):
        counted[row.person_id] += 1
        while row.at - looks[first].at > _HOUR:
            gone = looks[first].person_id
            counted[gone] -= 1
            if not counted[gone]:
                del counted[gone]
            first += 1
        if len(counted) > most:
            slot = f"{dates.local(row.at):%Y-%m-%dT%H}"
            told[slot] = _Seen(OddLook.MANY, viewer, slot, list(looks[first : place + 1]))
    yield from told.values()


def _at_night(viewer: str, looks: Sequence[ViewLog], commune: UUID) -> Iterator[_Seen]:
    start = rulebook.amount(commune, "watch.night_from")
    end = rulebook.amount(commune, "watch.night_until")
    nights: dict[str, list[ViewLog]] = defaultdict(list)
    for row in looks:
        here = dates.local(row.at)
        is_over = start > end  # midnight lies within
        after, before = here.hour >= start, here.hour < end
        if (after or before) if is_over else (after and before):
            nights[f"{(here - timedelta(hours=end)).date()}"].append(row)
    for night, seen in nights.items():
        yield _Seen(OddLook.NIGHT, viewer, night, seen)


def _near(
    viewer: str, looks: Sequence[ViewLog], kin: dict[str, dict[UUID, str]]
) -> Iterator[_Seen]:
    """Find looks at records near to an official, a day at a time."""
    days: dict[tuple[str, str], list[ViewLog]] = defaultdict(list)
    for row in looks:
        near = kin.get(viewer, {}).get(row.person_id) or kin.get("", {}).get(row.person_id)
        if near and not row.ref:
            days[near, f"{dates.local(row.at).date()}"].append(row)
    for (kind, day), seen in days.items():
        yield _Seen(kind, viewer, day, seen)


def _kin(commune: UUID) -> dict[str, dict[UUID, str]]:
    """Return by official whose records are near; under "" the records of all officials."""
    staff = dict(StaffPerson.objects.filter(commune=commune).values_list("person", "official"))
    found: dict[str, dict[UUID, str]] = defaultdict(dict)
    found[""] = dict.fromkeys(staff, str(OddLook.COLLEAGUE))
    homes = Membership.objects.filter(person__in=staff, period__contains=today())
    of_home: dict[UUID, set[int]] = defaultdict(set)
    for person, home in homes.values_list("person", "household"):
        of_home[home].add(staff[person])
    mates = Membership.objects.filter(household__in=of_home, period__contains=today())
    for person, home in mates.values_list("person", "household"):
        for official in of_home[home]:
            found[str(official)][person] = OddLook.FAMILY
    for official, person in _ties(commune, staff):
        found[str(official)][person] = OddLook.FAMILY
    for person, official in staff.items():
        found[str(official)][person] = OddLook.OWN
    return found


def _ties(commune: UUID, staff: dict[UUID, int]) -> Iterator[tuple[int, UUID]]:
    """Yield officials with their parents and children, wherever these live."""
    own = Person.objects.filter(
        Q(pk__in=staff) | Q(mother__in=staff) | Q(father__in=staff), commune=commune
    )
    for person, *parents in own.values_list("pk", "mother", "father"):
        for parent in parents:
            if parent in staff:
                yield staff[parent], person
            if parent is not None and person in staff:
                yield staff[person], parent


def _alert(commune: UUID, seen: _Seen) -> LookAlert:
    return LookAlert(
        commune_id=commune,
        kind=seen.kind,
        viewer_kind=_WATCHED,
        viewer=seen.viewer,
        slot=seen.slot,
        first_at=min(row.at for row in seen.looks),
        last_at=max(row.at for row in seen.looks),
        persons=len({row.person_id for row in seen.looks}),
        purposes=sorted({row.purpose for row in seen.looks}),
        found_at=clock.now(),
    )
