"""What people ask about their own data, and what the commune decides: with dates from the rules."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import SYSTEM, Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import clean_line, clean_text
from xaso.kernel.working_time import clock
from xaso.reports import deadlines, rulebook
from xaso.reports.actions import erasing, steps, telling, wiping
from xaso.reports.actions.contacting import WRONG_PHONE, number_of
from xaso.reports.models import FINAL, DataRequest, Report, Reporter, Visibility
from xaso.reports.people import Person

CONTACT, FILES, WORDS, WHOLE = "contact", "files", "words", "whole"
PARTS = {
    CONTACT: _("Tên, số, cách liên lạc"),
    FILES: _("Ảnh, tiếng nói"),
    WORDS: _("Lời, chỗ cụ thể"),
    WHOLE: _("Cả phản ánh, chỉ giữ con số thống kê"),
}
PERMISSION = "reports.data_rights"
_LONGEST = 2_000
_Kind, _State = DataRequest.Kind, DataRequest.State


class AskedBefore(Refusal):
    """The same is asked already and waits for an answer."""

    sentence = _("Bác đã gửi đề nghị này, xã đang xem. Bác chờ xã trả lời giúp.")


class Decided(Refusal):
    """Somebody answered it before."""

    sentence = _("Đề nghị này đã có trả lời. Bác tải lại trang để xem.")


class StillOpen(Refusal):
    """A report the commune still owes an answer is not deleted whole."""

    sentence = _("Phản ánh chưa xong nên chưa xóa cả được. Bác chọn xóa từng phần.")


@dataclass(frozen=True)
class Asked:
    """What somebody asks; name and phone only for a correction."""

    uuid: UUID
    kind: str
    text: str = ""
    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Decision:
    """What is decided: accepted, partly or refused; why, in plain words; which parts go."""

    state: str
    answer: str
    parts: Sequence[str] = ()


@transaction.atomic
def ask_about_data(of: Person, asked: Asked, *, by: Actor) -> DataRequest:
    """Keep what somebody asks about their data and start its clock; sent twice is one request.

    Refuses with Invalid (errors by field) and AskedBefore. The days come from the rules
    `privacy.answer` (working days) and `privacy.stop` (days after an agreement is taken back).
    """
    report = steps.locked(of.report)
    known = DataRequest.objects.filter(commune=report.commune_id, uuid=asked.uuid).first()
    if known is not None:
        return known
    wanted = _wanted(asked)
    rows = DataRequest.objects.filter(report=report, follower=of.follower, kind=asked.kind)
    if rows.filter(state=_State.OPEN).exists():
        raise AskedBefore
    now = clock.now()
    rules = rulebook.of(report.commune_id)
    days = rules.amount("privacy.answer")
    due = deadlines.working_days(now, days, deadlines.calendar(report.commune_id))
    stops = asked.kind in (_Kind.WITHDRAW, _Kind.ERASE)
    row = DataRequest.objects.create(
        commune_id=report.commune_id,
        uuid=asked.uuid,
        report=report,
        follower=of.follower,
        kind=asked.kind,
        text=clean_text(asked.text)[:_LONGEST],
        wanted=json.dumps(wanted, ensure_ascii=False) if wanted else "",
        asked_at=now,
        due_at=due.due,
        stop_at=now + timedelta(days=rules.amount("privacy.stop")) if stops else None,
    )
    _log("reports.data_asked", row, by)
    leaders = identity.members(report.commune_id, permission=PERMISSION)
    telling.tell_people(report, "right_asked", leaders, again=f"/{row.pk}")
    return row


@transaction.atomic
def take_back_data_request(row: DataRequest, *, by: Actor) -> DataRequest:
    """Let somebody take their own request back. Refuses with Decided."""
    found = _open(row)
    found.state, found.decided_at = _State.TAKEN_BACK, clock.now()
    found.save(update_fields=["state", "decided_at"])
    _log("reports.data_taken_back", found, by)
    return found


@transaction.atomic
def decide_data_request(row: DataRequest, given: Decision, *, by: Actor) -> DataRequest:
    """Answer a request, and do what was decided in the same transaction.

    Refuses with Invalid (no words, no part chosen), Decided, StillOpen and KeptAsEvidence. A whole
    report that is deleted takes the request along; its tombstone and the log book remain.
    """
    report = steps.locked(Report(pk=row.report_id, commune_id=row.commune_id))
    found = _open(row)
    answer = clean_text(given.answer)[:_LONGEST]
    parts = _parts(found, given)
    _check(found, report, given, answer, parts)
    found.state, found.answer, found.did = given.state, answer, parts
    found.decided_at = clock.now()
    found.decided_by_id = int(by.id) if by.kind == "official" else None
    found.save()
    _log("reports.data_decided", found, by)
    _tell(found, report)
    _do(found, report, parts, by)
    return found


def to_stop(commune: UUID, now: datetime) -> QuerySet[DataRequest]:
    """Return the requests whose person's data may no longer be used, though nobody answered."""
    rows = DataRequest.objects.filter(commune=commune, state=_State.OPEN, stop_at__lte=now, did=[])
    return rows.exclude(report__visibility=Visibility.SEALED)


def stop_what_is_over(commune: UUID, now: datetime) -> int:
    """Stop using the contact of those who took their agreement back so long ago; return how many.

    The machine does what the law asks when nobody decided in time; the request stays open for a
    person's answer.
    """
    rows = to_stop(commune, now).order_by("pk")
    stopped = 0
    rows = rows.select_related("follower__report", "follower__reporter")
    for row in rows.select_for_update(skip_locked=True, of=("self",))[:200]:
        report = steps.locked(Report(pk=row.report_id, commune_id=commune))
        _forget(row, report, SYSTEM)
        row.did = [CONTACT]
        row.save(update_fields=["did"])
        _log("reports.data_stopped", row, SYSTEM)
        stopped += 1
    return stopped


def _open(row: DataRequest) -> DataRequest:
    found = (
        DataRequest.objects.select_for_update(of=("self",))
        .select_related("follower__report", "follower__reporter")
        .filter(pk=row.pk)
        .first()
    )
    if found is None:
        raise NotFound
    if found.state != _State.OPEN:
        raise Decided
    return found


def _wanted(asked: Asked) -> dict[str, str]:
    """Return the correction asked for; refuse what cannot be."""
    if asked.kind not in _Kind.values:
        raise Invalid(errors={"kind": [str(_("Bác chọn muốn xã làm gì."))]})
    if asked.kind != _Kind.CORRECT:
        return {}
    number = number_of(asked.phone)
    if asked.phone.strip() and not number:
        raise Invalid(errors={"phone": [str(WRONG_PHONE)]})
    wanted = {"name": clean_line(asked.name)[:120], "phone": number}
    if not any(wanted.values()) and not asked.text.strip():
        raise Invalid(errors={"text": [str(_("Bác ghi chỗ nào sai, sửa thành gì."))]})
    return {name: value for name, value in wanted.items() if value}


def _parts(row: DataRequest, given: Decision) -> list[str]:
    """Return what goes: for a withdrawal always the contact, for a correction or copy nothing."""
    if given.state == _State.REFUSED or row.kind in (_Kind.COPY, _Kind.CORRECT):
        return []
    parts = [part for part in PARTS if part in given.parts]
    return parts or ([CONTACT] if row.kind == _Kind.WITHDRAW else [])


def _check(
    row: DataRequest, report: Report, given: Decision, answer: str, parts: Sequence[str]
) -> None:
    errors: dict[str, list[str]] = {}
    if given.state not in (_State.ACCEPTED, _State.PARTLY, _State.REFUSED):
        errors["state"] = [str(_("Bác chọn làm theo, làm một phần hay không."))]
    if len(answer) < 10:  # a word or two explains nothing
        errors["answer"] = [str(_("Bác viết vì sao, bằng lời bà con hiểu được."))]
    if row.kind == _Kind.ERASE and given.state != _State.REFUSED and not parts:
        errors["parts"] = [str(_("Bác chọn xóa phần nào."))]
    if errors:
        raise Invalid(errors=errors)
    if WHOLE in parts and report.state not in FINAL:
        raise StillOpen
    if {WHOLE, FILES, WORDS} & set(parts):
        erasing.refuse_if_held(report)


def _do(row: DataRequest, report: Report, parts: Sequence[str], by: Actor) -> None:
    """Do what was decided."""
    if row.kind == _Kind.CORRECT and row.state != _State.REFUSED and row.wanted:
        _correct(row, report)
    if WHOLE in parts and row.follower is None:
        erasing.erase(report, rule="privacy.erase", by=by)
        return
    if CONTACT in parts or WHOLE in parts:
        _forget(row, report, by)
    if FILES in parts or WHOLE in parts:
        wiping.drop_photos(report, row.follower, by=by)
        if row.follower is None:
            wiping.drop_voices(report, by=by)
    if WORDS in parts and row.follower is None:
        wiping.drop_words(report)
        wiping.now_marked(report)


def _forget(row: DataRequest, report: Report, by: Actor) -> None:
    if row.follower is not None:
        wiping.forget_follower(row.follower)
        return
    wiping.end_consent(report, by=by)
    wiping.forget_sender(report)
    wiping.forget_device(report)


def _correct(row: DataRequest, report: Report) -> None:
    """Put the new name or number in place of the old."""
    wanted = json.loads(row.wanted)
    holder = row.follower or report
    who = holder.reporter or Reporter(commune_id=report.commune_id, created_at=clock.now())
    who.name = wanted.get("name", who.name)
    if number := wanted.get("phone"):
        who.phone, who.phone_index = number, blind(number, context="reports.phone")
        who.phone_tail_index = blind(number[-4:], context="reports.phone_tail")
        who.verified_at = None
        who.preferred = "call" if who.preferred == "none" else who.preferred
    who.save()
    if holder.reporter_id is None:
        holder.reporter = who
        holder.save(update_fields=["reporter"])


def _tell(row: DataRequest, report: Report) -> None:
    """Tell whoever asked that there is an answer; what it says stands on their own page."""
    telling.tell_person(Person(report, row.follower), "right_decided", again=f"/{row.pk}")


def _log(what: str, row: DataRequest, by: Actor) -> None:
    changes = {"kind": row.kind, "state": row.state, "did": list(row.did)}
    audit.record(what, row, by=by, commune=row.commune_id, changes=changes)
