"""Rounds to the villages: planned, announced, opened, closed; dossiers join where they were taken.

Planning tells nobody; announcing puts it before residents, and from then on every change of time
or place says why. A round ends with a short report; results are given on a later visit too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as gl

from xaso.dossiers import catalogue
from xaso.dossiers.actions.receiving import Receipt, receive
from xaso.dossiers.actions.telling_villages import ANNOUNCED, CANCELLED, MOVED, tell_later
from xaso.dossiers.given import NewDossier
from xaso.dossiers.models import (
    DossierCode,
    Round,
    RoundDossier,
    RoundMember,
    RoundVillage,
    System,
)
from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.tenancy.inserting import insert_all
from xaso.kernel.text import clean_line, clean_text, dates
from xaso.kernel.working_time import clock

MOST_CODES = 50
_AHEAD = timedelta(days=366)
_AROUND = timedelta(hours=12)  # a round is opened on its day, not weeks before or after
State = Round.State


class NotNow(Refusal):
    """The round is not at the point where this can be done."""

    sentence = gl("Đợt này đang ở bước khác. Bác tải lại trang rồi xem việc làm được.")


class NotItsDay(Refusal):
    """Opened long before its day, or long after."""

    sentence = gl("Hôm nay không phải ngày của đợt. Bác đổi ngày trước, rồi mở đợt.")


class DayIsOver(Refusal):
    """What is announced must still be to come."""

    sentence = gl("Giờ của đợt đã qua. Bác đổi sang ngày sắp tới rồi báo bà con.")


class NotInThisRound(Refusal):
    """The round does not take this procedure."""

    sentence = gl("Đợt này không nhận thủ tục ấy. Bác tiếp nhận ở trang tiếp nhận thường.")


class InAnotherRound(Refusal):
    """The dossier was received in another round."""

    sentence = gl("Hồ sơ này đã thuộc một đợt khác.")


@dataclass(frozen=True)
class Plan:
    """A round as somebody fills it in; `villages` and `members` are keys, `procedures` codes."""

    uuid: UUID
    name: str
    place: str
    starts_at: datetime
    ends_at: datetime
    villages: Sequence[int]
    members: Sequence[int]
    procedures: Sequence[str] = ()
    bring: str = ""
    notice: str = ""  # why an announced round is moved


@dataclass(frozen=True)
class Taken:
    """What became of codes that were to join a round."""

    added: Sequence[str]
    unknown: Sequence[str]
    elsewhere: Sequence[str]


@transaction.atomic
def plan_round(plan: Plan, *, commune: Commune, by: Actor) -> Round:
    """Write a new round down; sent again it is the same one. Refuses with Invalid, by field."""
    known = Round.objects.filter(commune=commune, uuid=plan.uuid).first()
    if known is not None:
        return known
    _check(plan, commune)
    row = Round(
        commune=commune, uuid=plan.uuid, created_by=by.id, created_at=clock.now(), **_facts(plan)
    )
    row.save(force_insert=True)
    _put_rows(row, plan)
    _log("planned", row, by=by)
    return row


@transaction.atomic
def change_round(known: Round, plan: Plan, *, by: Actor) -> Round:
    """Change a round that has not begun; an announced one that moves says why.

    Refuses with Invalid (errors by field) and NotNow.
    """
    row = _locked(known)
    if not row.may_change:
        raise NotNow
    _check(plan, row.commune)
    before = {"starts_at": row.starts_at, "ends_at": row.ends_at, "place": row.place}
    told = {each.village_id for each in row.villages.all()}
    facts = _facts(plan)
    moved = any(before[name] != facts[name] for name in before) or _takes_less(row, plan)
    notice = clean_line(plan.notice)[:500]
    if row.is_public and moved:
        if len(notice) < 5:
            raise Invalid(errors={"notice": [_("Bà con đã được báo: bác ghi vì sao đổi.")]})
        if row.starts_at != plan.starts_at and row.moved_from is None:
            row.moved_from = row.starts_at
        row.notice = notice
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()
    row.villages.all().delete()
    row.members.all().delete()
    _put_rows(row, plan)
    _log("changed", row, by=by, moved=moved)
    if row.is_public and moved:
        tell_later(row, MOVED, told | set(plan.villages))
    return row


@transaction.atomic
def announce_round(known: Round, *, by: Actor) -> Round:
    """Put a round before residents. Refuses with NotNow, DayIsOver."""
    row = _locked(known)
    _from(row, State.DRAFT)
    if row.ends_at <= clock.now():
        raise DayIsOver
    row.announced_at = clock.now()
    tell_later(row, ANNOUNCED, {each.village_id for each in row.villages.all()})
    return _moved(row, State.ANNOUNCED, "announced", by=by)


@transaction.atomic
def open_round(known: Round, *, by: Actor) -> Round:
    """Begin to take dossiers in, on its day. Refuses with NotNow, NotItsDay."""
    row = _locked(known)
    _from(row, State.ANNOUNCED)
    if not row.starts_at - _AROUND <= clock.now() <= row.ends_at + _AROUND:
        raise NotItsDay
    row.opened_at = clock.now()
    return _moved(row, State.OPEN, "opened", by=by)


@transaction.atomic
def close_round(known: Round, *, came: int, report: str, by: Actor) -> Round:
    """End the day with a short report; results may still be given. Refuses with NotNow, Invalid."""
    row = _locked(known)
    _from(row, State.OPEN)
    here = row.dossiers.count()
    if came < 0 or (here and not came):
        raise Invalid(errors={"came": [_("Có hồ sơ mà số người là 0. Bác ghi lại số người đến.")]})
    row.came, row.report = came, clean_text(report)[:2_000]
    row.closed_at = clock.now()
    return _moved(row, State.CLOSED, "closed", by=by)


@transaction.atomic
def cancel_round(known: Round, *, notice: str, by: Actor) -> Round:
    """Call a round off, with a reason residents read.

    Refuses with Invalid (no reason) and NotNow (over, or dossiers were received in it: close it).
    """
    row = _locked(known)
    _from(row, State.DRAFT, State.ANNOUNCED, State.OPEN)
    if row.dossiers.exists():
        raise NotNow
    said = clean_line(notice)[:500]
    if row.is_public and len(said) < 5:
        raise Invalid(errors={"notice": [_("Bà con đã được báo: bác ghi vì sao hủy.")]})
    row.notice, row.closed_at = said, clock.now()
    if row.is_public:
        tell_later(row, CANCELLED, {each.village_id for each in row.villages.all()})
    return _moved(row, State.CANCELLED, "cancelled", by=by)


@transaction.atomic
def receive_in_round(new: NewDossier, known: Round, *, by: Actor, commune: Commune) -> Receipt:
    """Receive a dossier in an open round: both, or nothing; sent again it is the same dossier.

    Refuses as `receive` does, with NotNow, NotInThisRound and InAnotherRound.
    """
    row = _kept_open(known, commune)
    if row.procedures and new.procedure not in row.procedures:
        raise NotInThisRound
    receipt = receive(new, by=by, commune=commune)
    _join(row, [receipt.dossier.pk], by=by)
    return receipt


@transaction.atomic
def add_to_round(known: Round, codes: Sequence[str], *, by: Actor) -> Taken:
    """Let dossiers join that were received there but entered elsewhere: on paper, or offline.

    Any code of a dossier will do. Refuses with NotNow (not begun, or called off) and Invalid (too
    many). Unknown codes and dossiers of other rounds are told, the rest join.
    """
    row = _locked(known)
    if not row.gives_results:
        raise NotNow
    wanted = list(dict.fromkeys(clean_line(code).upper() for code in codes if code.strip()))
    if not wanted or len(wanted) > MOST_CODES:
        raise Invalid(errors={"codes": [_("Bác ghi từ 1 đến 50 mã, mỗi dòng một mã.")]})
    rows = DossierCode.objects.filter(
        commune=row.commune_id, code__in=wanted, dossier__is_mirror=False
    )
    found = dict(rows.values_list("code", "dossier"))
    lines = RoundDossier.objects.filter(commune=row.commune_id, dossier__in=found.values())
    there = dict(lines.values_list("dossier", "round"))
    elsewhere = [code for code, pk in found.items() if there.get(pk, row.pk) != row.pk]
    fresh = [pk for pk in dict.fromkeys(found.values()) if pk not in there]
    _join(row, fresh, by=by)
    added = [code for code in wanted if code in found and code not in elsewhere]
    return Taken(added, [code for code in wanted if code not in found], elsewhere)


def run_here(commune: Commune) -> dict[str, str]:
    """Return the procedures that are received here today, name by code."""
    held = catalogue.listed(commune.id, dates.local(clock.now()).date())
    return {
        each.procedure.code: each.procedure.name
        for each in held
        if each.content.systems.receive == System.XASO
    }


def _join(row: Round, dossiers: Sequence[int], *, by: Actor) -> None:
    for pk in dossiers:
        line, is_new = RoundDossier.objects.get_or_create(
            commune_id=row.commune_id,
            dossier_id=pk,
            defaults={"round": row, "added_by": by.id, "added_at": clock.now()},
        )
        if line.round_id != row.pk:
            raise InAnotherRound
        if is_new:
            _log("joined", row, by=by, dossier=pk)


def _check(plan: Plan, commune: Commune) -> None:
    """Refuse with every fault at once, each beside its field."""
    errors = _wrong_times(plan)
    if len(clean_line(plan.name)) < 3:
        errors["name"] = [_("Bác đặt tên cho đợt, ví dụ: Đăng ký khai sinh ở Bản Hon.")]
    if len(clean_line(plan.place)) < 3:
        errors["place"] = [_("Bác ghi chỗ làm, ví dụ: nhà văn hóa Bản Hon.")]
    villages = {each.pk for each in places.named_villages(commune)}
    if not plan.villages or not set(plan.villages) <= villages:
        errors["villages"] = [_("Bác chọn ít nhất một bản.")]
    people = {each.pk for each in identity.members(commune)}
    if not plan.members or not set(plan.members) <= people:
        errors["members"] = [_("Bác chọn ít nhất một người đi.")]
    elif busy := _busy(plan, commune):
        errors["members"] = busy
    if plan.procedures and not set(plan.procedures) <= set(run_here(commune)):
        errors["procedures"] = [_("Có thủ tục xã không tự tiếp nhận. Bác chọn lại.")]
    if errors:
        raise Invalid(errors=errors)


def _busy(plan: Plan, commune: Commune) -> list[str]:
    """Return who of the team is elsewhere at that time; several places on one day are allowed."""
    rows = RoundMember.objects.filter(
        commune=commune,
        official__in=set(plan.members),
        round__state__in=(State.DRAFT, State.ANNOUNCED, State.OPEN),
        round__starts_at__lt=plan.ends_at,
        round__ends_at__gt=plan.starts_at,
    ).exclude(round__uuid=plan.uuid)
    text = _("%(who)s đã đi đợt “%(name)s” từ %(since)s đến %(until)s.")
    return [
        text
        % {
            "who": each.official.full_name or each.official.username,
            "name": each.round.name,
            "since": dates.moment(each.round.starts_at),
            "until": dates.gio(each.round.ends_at),
        }
        for each in rows.select_related("official", "round").order_by("round__starts_at", "pk")
    ]


def _wrong_times(plan: Plan) -> dict[str, list[str]]:
    errors = {}
    first, last = dates.local(plan.starts_at), dates.local(plan.ends_at)
    now = clock.now()
    if plan.ends_at <= plan.starts_at or first.date() != last.date():
        errors["until"] = [_("Giờ kết thúc phải sau giờ bắt đầu, trong cùng một ngày.")]
    if not now - timedelta(days=1) <= plan.starts_at <= now + _AHEAD:
        errors["day"] = [_("Ngày phải từ hôm nay đến một năm tới.")]
    return errors


def _facts(plan: Plan) -> dict[str, object]:
    return {
        "name": clean_line(plan.name)[:120],
        "place": clean_line(plan.place)[:200],
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "procedures": sorted(set(plan.procedures)),
        "bring": clean_line(plan.bring)[:500],
    }


def _put_rows(row: Round, plan: Plan) -> None:
    commune = row.commune_id
    villages = [
        RoundVillage(commune_id=commune, round=row, village_id=pk) for pk in set(plan.villages)
    ]
    members = [
        RoundMember(commune_id=commune, round=row, official_id=pk) for pk in set(plan.members)
    ]
    insert_all([*villages, *members])


def _locked(known: Round) -> Round:
    rows = Round.objects.select_for_update(of=("self",)).select_related("commune")
    found = rows.filter(pk=known.pk, commune=known.commune_id).first()
    if found is None:
        raise NotFound
    return found


def _kept_open(known: Round, commune: Commune) -> Round:
    """Return an open round that nobody closes before this transaction ends.

    Shared: many clerks receive in it at the same time. Refuses with NotNow.
    """
    shared = """
        SELECT * FROM dossiers_round
        WHERE commune_id = %s AND id = %s AND state = %s FOR SHARE
    """
    found = list(Round.objects.raw(shared, [commune.id, known.pk, State.OPEN]))
    if not found:
        raise NotNow
    return found[0]


def _takes_less(row: Round, plan: Plan) -> bool:
    """Return whether somebody who counted on the round would come for nothing."""
    villages = {each.village_id for each in row.villages.all()}
    was_all, is_all = not row.procedures, not plan.procedures
    fewer = not is_all and (was_all or not set(row.procedures) <= set(plan.procedures))
    return bool(villages - set(plan.villages)) or fewer


def _from(row: Round, *states: str) -> None:
    if row.state not in states:
        raise NotNow


def _moved(row: Round, state: str, verb: str, *, by: Actor) -> Round:
    row.state = state
    row.save()
    _log(verb, row, by=by)
    return row


def _log(verb: str, row: Round, *, by: Actor, **said: object) -> None:
    changes = {"state": str(row.state), "starts_at": row.starts_at.isoformat(), **said}
    audit.record(f"dossier_round.{verb}", row, by=by, commune=row.commune_id, changes=changes)
