"""What somebody may read of a dossier by its code: state and dates for all, more for its owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from xaso.dossiers import catalogue, explaining, owing, slips, states
from xaso.dossiers.blinds import TAIL
from xaso.dossiers.explaining import Why
from xaso.dossiers.models import Dossier, State, Supplement, System
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

_SHOWN = {str(row.action): row.public_text for row in states.TABLE.transitions if row.public_text}


@dataclass(frozen=True)
class Past:
    """One thing that happened, in plain words."""

    icon: str
    title: str
    time: str
    iso: str
    note: str = ""
    state: str = "done"


@dataclass(frozen=True)
class Tracked:
    """The page of one dossier. Nothing here says who asked, or what for whom."""

    code: str
    procedure: str
    state: str
    text: str
    due_at: datetime | None
    paused_at: datetime | None
    done_at: datetime | None
    is_late: bool
    is_final: bool
    steps: Sequence[Past]
    why: Why | None
    missing: Sequence[str]
    missing_why: str
    original: str
    now: datetime
    received_by: str = ""
    holder: str = ""
    to_pay: int = 0


def opens(dossier: Dossier, factor: str) -> bool:
    """Return whether four digits are those of the phone, or those printed on the slip."""
    digits = "".join(factor.split())
    if len(digits) != 4 or not (digits.isascii() and digits.isdigit()):
        return False
    phone, slip = blind(digits, context=TAIL), slips.index(digits)
    return (dossier.phone_tail_index == phone and bool(dossier.phone_tail_index)) or (
        dossier.slip_index == slip and bool(dossier.slip_index)
    )


def tracked(dossier: Dossier) -> Tracked:
    """Return the page of a dossier for whoever holds its code and its four digits."""
    content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
    lines, now = list(dossier.clock_lines.all()), clock.now()
    slip = dossier.supplements.filter(state=Supplement.State.ISSUED).order_by("-number").first()
    is_running = dossier.is_under_way and not dossier.is_paused and not dossier.is_mirror
    is_answer = dossier.state in (State.REFUSED, State.STOPPED)
    return Tracked(
        code=dossier.code,
        procedure=dossier.procedure.name,
        state=dossier.state,
        text=str(states.PUBLIC[State(dossier.state)]),
        due_at=dossier.promise_at if is_running else None,
        paused_at=dossier.paused_at,
        done_at=dossier.resolved_at or dossier.ended_at,
        is_late=dossier.is_overdue(now),
        is_final=not dossier.is_open,
        steps=_steps(dossier),
        why=explaining.why(dossier, content, lines) if not is_answer else None,
        missing=[str(each.get("name", "")) for each in slip.items] if slip else (),
        missing_why=slip.reason if slip else "",
        original=str(System(dossier.mirror_of).label) if dossier.mirror_of else "",
        now=now,
        holder=str(dossier.unit or ""),
        to_pay=owing.owed(dossier),
    )


def _steps(dossier: Dossier) -> list[Past]:
    """Return the history in plain words, newest first; what is the office's own is left out."""
    events = dossier.events.filter(action__in=list(_SHOWN)).order_by("-seq")[:40]
    found = []
    for number, event in enumerate(events):
        title = str(_SHOWN[event.action])
        if event.action == "tiep_nhan" and dossier.is_mirror:
            title = _("Đã ghi nhận")
        found.append(
            Past(
                "check" if number else "hourglass",
                title,
                dates.moment(event.server_time, year=True),
                event.server_time.isoformat(),
                event.public_text[:300],
                "done" if number or not dossier.is_open else "now",
            )
        )
    return found
