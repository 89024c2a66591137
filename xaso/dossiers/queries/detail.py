"""One dossier with everything that is known of it, for the officials' page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from xaso.dossiers import agreements, catalogue, clocks, explaining, states
from xaso.dossiers.content import answers
from xaso.dossiers.content.shape import Content
from xaso.dossiers.explaining import Why
from xaso.dossiers.models import (
    Component,
    Dossier,
    DossierEvent,
    DossierFee,
    HandOver,
    Result,
    ResultReceiver,
    SubTask,
    Supplement,
    SyncState,
    System,
)
from xaso.dossiers.queries import shots
from xaso.kernel.attachments.queries import Picture
from xaso.kernel.identity.models import Official
from xaso.kernel.text import dates
from xaso.kernel.working_time import telling

_LABELS = {row.action: row.label for row in states.TABLE.transitions}


@dataclass(frozen=True)
class Happened:
    """One event, as officials read it."""

    title: str
    who: str
    time: str
    iso: str
    note: str


@dataclass(frozen=True)
class Place:
    """One step of the procedure, and how it stands."""

    name: str
    state: str  # done, now, todo
    note: str


@dataclass(frozen=True)
class File:
    """Everything of one page; every list is read once."""

    dossier: Dossier
    content: Content
    now: datetime
    why: Why | None
    left: str
    codes: Sequence[tuple[str, str]]
    steps: Sequence[Place]
    events: Sequence[Happened]
    answers: Sequence[tuple[str, str]]  # what the version's form asked
    unanswered: Sequence[str]  # mandatory questions nobody answered, while it is under way
    components: Sequence[tuple[Component, Sequence[tuple[Picture | None, str]]]]
    has_proof: bool  # of the agreement to be helped
    receiver: ResultReceiver | None  # who fetched the result with a paper of authority
    hand_overs: Sequence[HandOver]
    supplements: Sequence[Supplement]
    tasks: Sequence[SubTask]
    fees: Sequence[DossierFee]
    results: Sequence[Result]
    sync: Sequence[SyncState]
    facts: Sequence[tuple[str, str]]
    systems: Sequence[tuple[str, str]]
    earlier: Sequence[tuple[str, str]]  # steps it has been in
    corrections: Sequence[Dossier]
    due_at: datetime | None


def file(dossier: Dossier, *, now: datetime) -> File:
    """Return the page of a dossier that was read by `finding.one`; fifteen statements at most."""
    content = catalogue.kept(dossier.commune_id, dossier.frozen_id)
    lines = list(dossier.clock_lines.all())
    events = list(dossier.events.order_by("-seq"))
    hand_overs = list(dossier.hand_overs.select_related("giver", "receiver", "unit", "instead_of"))
    is_running = dossier.is_under_way and not dossier.is_paused
    receiver = ResultReceiver.objects.filter(dossier=dossier).first()
    return File(
        dossier=dossier,
        content=content,
        now=now,
        why=explaining.why(dossier, content, lines),
        left=_left(dossier, now),
        codes=[(_system(each.system), each.code) for each in dossier.codes.order_by("id")],
        steps=_places(dossier, content, hand_overs),
        events=_happened(events, receiver),
        answers=answers.shown(content, dossier.form),
        unanswered=answers.unanswered(content, dossier.form) if dossier.unanswered else (),
        components=_components(dossier),
        has_proof=_has_proof(dossier),
        receiver=receiver,
        hand_overs=hand_overs,
        supplements=list(dossier.supplements.all()),
        tasks=list(dossier.sub_tasks.all()),
        fees=list(dossier.fees.all()),
        results=list(dossier.results.all()),
        sync=list(dossier.sync_states.all()),
        facts=_facts(dossier),
        systems=_systems(content),
        earlier=_earlier(dossier, content, hand_overs),
        corrections=list(dossier.corrections.all()),
        due_at=dossier.promise_at if is_running else None,
    )


def _left(dossier: Dossier, now: datetime) -> str:
    if not dossier.is_under_way or dossier.promise_at is None:
        return ""
    minutes = clocks.minutes_left(dossier, now, clocks.frozen(dossier))
    if minutes is None:
        return ""
    if dossier.is_paused:
        text = _("Đang dừng, còn %(left)s tính từ khi chạy lại.")
    elif minutes < 0:
        text = _("Quá hẹn %(left)s.")
    else:
        text = _("Còn %(left)s.")
    return text % {"left": telling.working_days(minutes)}


def _places(dossier: Dossier, content: Content, given: Sequence[HandOver]) -> list[Place]:
    passed = {each.to_step for each in given}
    found = []
    for rule in content.steps:
        is_now = rule.code == dossier.step and dossier.is_under_way
        state = "now" if is_now else "done" if rule.code in passed else "todo"
        note = ""
        if is_now and dossier.step_due_at:
            note = _("Nên xong trước %(at)s.") % {"at": dates.moment(dossier.step_due_at)}
        found.append(Place(rule.name, state, note))
    return found


def _earlier(
    dossier: Dossier, content: Content, given: Sequence[HandOver]
) -> list[tuple[str, str]]:
    passed = {each.to_step for each in given}
    return [
        (rule.code, rule.name)
        for rule in content.steps
        if rule.code in passed and rule.code != dossier.step
    ]


def _happened(events: Sequence[DossierEvent], receiver: ResultReceiver | None) -> list[Happened]:
    keys = {int(e.actor_id) for e in events if e.actor_kind == "official" and e.actor_id.isdigit()}
    keys |= {e.payload["receiver"] for e in events if "receiver" in e.payload}
    names = {person.pk: str(person) for person in Official.objects.filter(pk__in=keys)}
    kinds = {"resident": _("Người dân"), "system": _("Máy"), "helper": _("Người giúp")}
    return [
        Happened(
            title=str(_LABELS.get(event.action) or event.action),
            who=names.get(int(event.actor_id), "")
            if event.actor_kind == "official" and event.actor_id.isdigit()
            else kinds.get(event.actor_kind, event.actor_kind),
            time=dates.moment(event.server_time),
            iso=event.server_time.isoformat(),
            note="\n".join(
                filter(
                    None,
                    (event.public_text, event.internal_text, _fetched(event, names, receiver)),
                )
            ),
        )
        for event in events
    ]


def _fetched(event: DossierEvent, names: dict[int, str], receiver: ResultReceiver | None) -> str:
    """Return who received a result and by what right; nothing for other steps."""
    right = event.payload.get("right")
    if right == "authority" and receiver is not None:
        return _bearer(receiver, event.payload["proof"])
    if right == "holder":
        return _("Chính người nộp nhận. Bằng chứng: %(proof)s.") % {"proof": event.payload["proof"]}
    if right != "helper":
        return ""
    said = {
        "name": names.get(event.payload["receiver"], ""),
        "day": dates.ngay(date.fromisoformat(event.payload["agreed_on"]), year=True),
        "proof": event.payload["proof"],
    }
    return (
        _("%(name)s nhận thay, theo lời đồng ý của người nộp ngày %(day)s. Bằng chứng: %(proof)s.")
        % said
    )


def _bearer(receiver: ResultReceiver, proof: str) -> str:
    said = {
        "name": receiver.name,
        "relation": receiver.get_relation_display().lower(),
        "number": receiver.number_end,
        "day": dates.ngay(receiver.authorised_on, year=True),
        "proof": proof,
    }
    if receiver.is_certified:
        text = _(
            "%(name)s (%(relation)s của người nộp, số giấy tờ %(number)s) nhận thay, theo giấy ủy "
            "quyền có chứng thực ngày %(day)s. Bằng chứng: %(proof)s."
        )
    else:
        text = _(
            "%(name)s (%(relation)s của người nộp, số giấy tờ %(number)s) nhận thay, theo giấy ủy "
            "quyền ngày %(day)s. Bằng chứng: %(proof)s."
        )
    return text % said


def _components(
    dossier: Dossier,
) -> list[tuple[Component, Sequence[tuple[Picture | None, str]]]]:
    """Return the papers that hold, each with its pictures; one statement."""
    rows = dossier.components.filter(replaced_by__isnull=True).select_related("attachment")
    return [(each, shots.of([each])) for each in rows]


def _has_proof(dossier: Dossier) -> bool:
    if dossier.helper_id is None:
        return False
    agreed = agreements.of(dossier)
    return agreed is not None and agreed.evidence_id is not None


def _facts(dossier: Dossier) -> list[tuple[str, str]]:
    found = [
        (_("Người nộp"), dossier.applicant),
        (_("Sổ dân cư"), _("Đã gắn với một người trong sổ") if dossier.person else ""),
        (_("Nơi ở"), str(dossier.village or "")),
        (_("Cách nộp"), dossier.get_channel_display()),
        (_("Người giúp"), str(dossier.helper or "")),
        (_("Nộp lúc"), _moment(dossier.submitted_at)),
        (_("Tiếp nhận"), _moment(dossier.accepted_at)),
        (_("Hẹn lần đầu"), _moment(dossier.first_promise_at)),
        (_("Hạn theo luật"), _moment(dossier.legal_at)),
        (_("Niêm yết đến"), _moment(dossier.posted_until)),
        (_("Đang giữ"), str(dossier.holder or dossier.unit or _("Quầy tiếp nhận"))),
        (_("Tiền"), dossier.get_finance_display()),
        (_("Giao kết quả"), dossier.get_delivery_display()),
    ]
    return [(name, value) for name, value in found if value]


def _systems(content: Content) -> list[tuple[str, str]]:
    """Return the system of record by stage, stages with the same one together."""
    names = {
        "submit": _("nộp"), "receive": _("tiếp nhận"), "process": _("xử lý"),
        "sign": _("ký"), "return": _("trả"), "archive": _("lưu"),
    }  # fmt: skip
    found: dict[str, list[str]] = {}
    for stage, name in names.items():
        found.setdefault(content.systems.at(stage), []).append(name)
    return [(str(System(system).label), ", ".join(stages)) for system, stages in found.items()]


def _system(code: str) -> str:
    return str(System(code).label) if code in System.values else _("Phiếu in không mạng")


def _moment(at: datetime | None) -> str:
    return dates.moment(at, year=True) if at else ""
