"""Data that got out, or an exercise of it: opened, then taken step by step until it is closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from xaso.kernel.audit import actions as audit
from xaso.kernel.audit.actors import Actor
from xaso.kernel.identity import queries as identity
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Invalid, NotFound, Refusal
from xaso.kernel.text import clean_text, dates
from xaso.kernel.working_time import clock
from xaso.population import rulebook
from xaso.population.actions.rights import MOST
from xaso.population.models import Breach, BreachDeed, BreachStep

ORDER = (
    BreachStep.CONTAINED,
    BreachStep.ASSESSED,
    BreachStep.AUTHORITY,
    BreachStep.PEOPLE,
    BreachStep.CLOSED,
)
_OLDEST = timedelta(days=3 * 366)  # the log of looks is not older, and years typed wrong are told
_END = (BreachStep.CLOSED, BreachStep.DISMISSED)


class OutOfTurn(Refusal):
    """One step after the other."""

    sentence = _("Các bước làm theo thứ tự. Bước kế tiếp là: %(step)s.")


class NotTold(Refusal):
    """Nothing is closed before the authority and the people concerned were told."""

    sentence = _("Chưa báo cơ quan có thẩm quyền và bà con thì chưa đóng được.")


class Ended(Refusal):
    """It was closed or dismissed."""

    sentence = _("Sự cố này đã đóng rồi.")


class NothingWritten(Refusal):
    """Every step but the last says what was done."""

    sentence = _("Bác ghi rõ đã làm gì ở bước này.")


@dataclass(frozen=True)
class NewBreach:
    """What is known when it is noticed; an exercise is noticed now, whatever it says."""

    text: str
    began_at: datetime
    ended_at: datetime
    noticed_at: datetime | None = None  # now
    account: int | None = None
    is_drill: bool = False


@transaction.atomic
def open_breach(commune: Commune, new: NewBreach, *, by: Actor) -> Breach:
    """Write down that data got out; the clock is the dated rule of the day it was noticed.

    Hours of the clock on the wall (`rights.breach_hours`), not of work. Refuses with Invalid by
    field: no words, a time to come, a period turned round or begun after the notice, an account
    that is nobody's here or one's own.
    """
    now = clock.now()
    noticed = now if new.is_drill or new.noticed_at is None else new.noticed_at
    text = clean_text(new.text)[:MOST]
    errors = _faults(new, text, noticed, now)
    account = None
    if new.account is not None:
        account = identity.official(new.account, commune)
        if account is None:
            errors["account"] = _("Tài khoản này không phải của xã.")
        elif by.kind == "official" and str(account.pk) == by.id:
            errors["account"] = _("Đây là tài khoản của chính bác, người khác mở giúp.")
    if errors:
        raise Invalid(errors={name: [str(said)] for name, said in errors.items()})
    hours = rulebook.amount(commune.id, "rights.breach_hours", dates.local(noticed).date())
    row = Breach.objects.create(
        commune=commune,
        is_drill=new.is_drill,
        noticed_at=noticed,
        due_at=noticed + timedelta(hours=hours),
        text=text,
        account=account,
        began_at=new.began_at,
        ended_at=new.ended_at,
        opened_by=by.id[:64],
        opened_at=now,
    )
    audit.record(
        "population.breach_opened", row, by=by, commune=commune.id,
        changes={"is_drill": row.is_drill, "account": row.account_id, "hours": hours},
    )  # fmt: skip
    return row


@transaction.atomic
def take_step(breach: UUID, step: str, note: str, *, by: Actor) -> BreachDeed:
    """Write down that the next step was taken, now; none is taken twice or changed.

    Refuses with NotFound (also for whose account it is about), Ended, NotTold, OutOfTurn, and
    NothingWritten without words (closing needs none).
    """
    row = Breach.objects.filter(pk=breach).first()
    if row is None or step not in BreachStep.values:
        raise NotFound
    if by.kind == "official" and str(row.account_id) == by.id:
        raise NotFound
    done = [BreachStep(each) for each in row.deeds.values_list("step", flat=True)]
    _refuse_wrong_turn(done, BreachStep(step))
    words = clean_text(note)[:MOST]
    if not words and step != BreachStep.CLOSED:
        raise NothingWritten
    try:
        with transaction.atomic():
            deed = BreachDeed.objects.create(
                commune_id=row.commune_id, breach=row, place=len(done) + 1, step=step,
                note=words, at=clock.now(), by=by.id[:64],
            )  # fmt: skip
    except IntegrityError as pressed_at_once:
        raise OutOfTurn(step=following([*done, BreachStep(step)])) from pressed_at_once
    audit.record(
        "population.breach_step", row, by=by, commune=row.commune_id, changes={"step": step}
    )
    return deed


def following(done: list[BreachStep]) -> str:
    """Return the step that comes next in words, "" after the last."""
    left = [each for each in ORDER if each not in done]
    return "" if not left or set(done) & set(_END) else str(left[0].label)


def _faults(new: NewBreach, text: str, noticed: datetime, now: datetime) -> dict[str, Any]:
    errors: dict[str, Any] = {}
    if not text:
        errors["text"] = _("Bác ghi chuyện gì đã xảy ra.")
    if noticed > now:
        errors["noticed_at"] = _("Giờ phát hiện chưa tới. Bác xem lại giúp.")
    if new.began_at >= new.ended_at:
        errors["ended_at"] = _("Giờ kết thúc phải sau giờ bắt đầu.")
    elif now - new.began_at > _OLDEST:
        errors["began_at"] = _("Bác chọn khoảng thời gian trong ba năm gần đây.")
    elif new.ended_at > now:
        errors["ended_at"] = _("Khoảng thời gian này chưa qua. Bác xem lại giúp.")
    if new.began_at > noticed and "ended_at" not in errors:
        errors["began_at"] = _("Chuyện phải bắt đầu trước khi phát hiện.")
    return errors


def _refuse_wrong_turn(done: list[BreachStep], step: BreachStep) -> None:
    if set(done) & set(_END):
        raise Ended
    if step == BreachStep.DISMISSED and len(done) == ORDER.index(BreachStep.AUTHORITY):
        return
    if step == BreachStep.CLOSED and BreachStep.PEOPLE not in done:
        raise NotTold
    if step != ORDER[len(done)]:
        raise OutOfTurn(step=following(done))
