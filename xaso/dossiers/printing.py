"""The seven forms of the one-stop centre, filled from a dossier (Phụ lục I, TT 03/2025/TT-VPCP).

Which form goes with which step stands in `states.FORMS`. Mẫu 06 and 07 are made from the history
every time, never edited. Another system's dossier gets none of them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from xaso.documents import actions as documents
from xaso.documents.actions.rendering import Rendered
from xaso.dossiers import catalogue, slips
from xaso.dossiers.actions import telling
from xaso.dossiers.content.shape import Content, Time
from xaso.dossiers.models import ClockLine, Component, Dossier, HandOver, State, Supplement
from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import NotFound, Refusal, Sentence
from xaso.kernel.text import dates, phone
from xaso.kernel.working_time import clock

MOST_LINES = 5_000
NAMES: Mapping[str, Sentence] = {
    "01": gettext_lazy("Giấy tiếp nhận, hẹn trả"),
    "02": gettext_lazy("Phiếu yêu cầu bổ sung"),
    "03": gettext_lazy("Phiếu từ chối tiếp nhận"),
    "04": gettext_lazy("Thư xin lỗi, hẹn lại"),
    "05": gettext_lazy("Thông báo dừng giải quyết"),
    "06": gettext_lazy("Phiếu kiểm soát quá trình"),
}
_UNITS: Mapping[str, Callable[[int], str]] = {
    "GIO": lambda n: _("%(n)s giờ làm việc") % {"n": n},
    "NGAY_LV": lambda n: _("%(n)s ngày làm việc") % {"n": n},
    "NGAY": lambda n: _("%(n)s ngày") % {"n": n},
    "THANG": lambda n: _("%(n)s tháng") % {"n": n},
    "TRONG_NGAY_15H": lambda _n: _("trong ngày, nhận sau 15 giờ thì ngày làm việc kế tiếp"),
}


class OtherSystem(Refusal):
    """The original is kept elsewhere; its own papers come from there."""

    sentence = gettext_lazy(
        "Hồ sơ này do hệ thống khác giữ bản gốc, phiếu của hồ sơ in từ hệ thống đó."
    )


def term_in_words(time: Time) -> str:
    """Return the term of a version as a receipt says it."""
    return _UNITS[time.unit](time.n)


def printed(dossier: Dossier, form: str, output: str, *, commune: Commune) -> Rendered:
    """Return a form (`01` … `06`) of a dossier as `pdf`, `pdf80` or `docx`, in Vietnamese.

    Refuses with NotFound (the form does not fit the dossier), OtherSystem, and as
    `documents.render` does.
    """
    if dossier.is_mirror:
        raise OtherSystem
    fill = _FORMS.get(form)
    with override("vi"):
        data = fill(dossier, commune) if fill else None
        if data is None:
            raise NotFound
        return documents.render(f"mau-{form}", data, dates.local(clock.now()).date(), output)


def offered(dossier: Dossier, slips_asked: Sequence[Supplement]) -> list[tuple[str, Sentence]]:
    """Return the forms that fit a dossier now, with their names; `slips_asked` are its Mẫu 02."""
    if dossier.is_mirror:
        return []
    is_promised = dossier.accepted_at is not None and dossier.promise_at is not None
    fits = {
        "01": is_promised,
        "02": any(each.state != Supplement.State.DECLINED for each in slips_asked),
        "03": dossier.state == State.REFUSED,
        "04": dossier.extension_count > 0 and dossier.promise_at is not None,
        "05": dossier.state == State.STOPPED,
        "06": dossier.accepted_at is not None,
    }
    return [(form, name) for form, name in NAMES.items() if fits[form]]


def register(
    rows: Sequence[Dossier], first: date, last: date, output: str, *, commune: Commune
) -> Rendered:
    """Return Mẫu 07, the book of dossiers, for the days `first` to `last`, inclusive."""
    with override("vi"):
        data = head(commune) | {
            "period": {"from": first, "to": last},
            "source": _("Xã Số, sổ theo dõi hồ sơ của xã"),
            "rows": [_line(each) for each in rows[:MOST_LINES]],
        }
        return documents.render("mau-07", data, dates.local(clock.now()).date(), output)


def head(commune: Commune) -> dict[str, Any]:
    """Return what every paper of the centre begins with: who, and today."""
    return {
        "agency": {
            "name": f"UBND {commune.full_name}",
            "centre": _("Trung tâm Phục vụ hành chính công"),
            "place": commune.name,
        },
        "dated": dates.local(clock.now()).date(),
    }


def _dossier(dossier: Dossier, content: Content) -> dict[str, Any]:
    return {
        "code": dossier.code,
        "procedure": dossier.subject or dossier.procedure.name,
        "sets": dossier.sets,
        "term": term_in_words(content.time),
        "received_at": dossier.accepted_at or dossier.submitted_at or dossier.opened_at,
        "due": dossier.promise_at,
        "return_place": _("Trung tâm Phục vụ hành chính công"),
        "return_way": _("Nhận tại quầy, hoặc xem trên mạng bằng mã hồ sơ"),
        "provisional": _provisional(dossier),
        "slip": slips.of(dossier),
    }


def _provisional(dossier: Dossier) -> str:
    codes = dossier.codes.filter(system="OFFLINE").exclude(code=dossier.code)
    return codes.values_list("code", flat=True).first() or ""


def _applicant(dossier: Dossier) -> dict[str, Any]:
    return {
        "name": dossier.applicant,
        "address": dossier.address,
        "phone": phone.grouped(dossier.phone) if dossier.phone else "",
        "email": dossier.email,
    }


def _receipt(dossier: Dossier, commune: Commune) -> dict[str, Any] | None:
    """Mẫu 01; only for a dossier that was accepted."""
    if dossier.accepted_at is None or dossier.promise_at is None:
        return None
    content = catalogue.kept(commune.id, dossier.frozen_id)
    lines = list(dossier.fees.all())
    facts = {
        "received": dossier.accepted_at.isoformat(timespec="minutes"),
        "due": dossier.promise_at.isoformat(timespec="minutes"),
    }
    code = documents.sign_code("mau-01", dossier.code, facts, commune=commune)
    home = telling.page(commune, "")
    shown = home.partition("://")[2]
    return head(commune) | {
        "dossier": _dossier(dossier, content),
        "applicant": _applicant(dossier),
        "components": [_component(each) for each in dossier.components.all() if _given(each)],
        "fees": [{"name": each.name, "amount": each.amount} for each in lines],
        "fee": {
            "total": sum(each.amount for each in lines),
            "paid": all(each.paid_at for each in lines if each.amount > 0) and bool(lines),
        },
        "submitter": {"name": dossier.applicant},
        "receiver": {"name": _who(dossier, "tiep_nhan")},
        "qr": f"{home}kiem-tra/#{code}",
        "check_address": f"{shown}kiem-tra/",
        "lookup": f"{shown}ho-so/",
    }


def _given(each: Component) -> bool:
    return each.replaced_by_id is None and (each.is_there or bool(each.originals or each.copies))


def _component(each: Component) -> dict[str, Any]:
    if each.waived:
        form = _("Miễn nộp")
    elif each.is_reused or each.is_from_storage:
        form = _("Dùng lại")
    else:
        form = _("Bản chính") if each.originals else _("Bản điện tử")
    return {
        "name": each.name,
        "form": form,
        "count": each.originals or each.copies or 1,
        "digitised": each.is_digitised,
    }


def _supplement(dossier: Dossier, commune: Commune) -> dict[str, Any] | None:
    """Mẫu 02: the newest slip, with everything that is missing."""
    slip = dossier.supplements.exclude(state=Supplement.State.DECLINED).last()
    if slip is None:
        return None
    content = catalogue.kept(commune.id, dossier.frozen_id)
    return head(commune) | {
        "dossier": _dossier(dossier, content),
        "applicant": _applicant(dossier),
        "missing": [
            {
                "name": item.get("name", ""),
                "reason": item.get("what", "") or slip.reason,
                "basis": slip.legal_basis,
                "guidance": slip.guidance,
            }
            for item in slip.items
        ],
        "stage": str(slip.get_stage_display()),
        "reason": slip.reason,
        "author": {"name": str(slip.asked_by)},
        "approver": {"name": str(slip.approved_by or "")},
    }


def _refusal(dossier: Dossier, commune: Commune) -> dict[str, Any] | None:
    """Mẫu 03: why it was not accepted, and where to go instead."""
    if dossier.state != State.REFUSED:
        return None
    content = catalogue.kept(commune.id, dossier.frozen_id)
    event = dossier.events.filter(action="tu_choi").last()
    return head(commune) | {
        "dossier": _dossier(dossier, content),
        "applicant": _applicant(dossier),
        "reason": event.public_text if event else "",
        "basis": event.payload.get("legal_basis", "") if event else "",
        "instead": content.text.where or _("Bác hỏi cán bộ tiếp nhận để được chỉ nơi giải quyết"),
        "submitter": {"name": dossier.applicant},
        "receiver": {"name": _who(dossier, "tu_choi")},
    }


def _apology(dossier: Dossier, commune: Commune) -> dict[str, Any] | None:
    """Mẫu 04: the first date, the reason, the later date."""
    line = dossier.clock_lines.filter(effect=ClockLine.Effect.EXTEND).last()
    if line is None or dossier.promise_at is None:
        return None
    content = catalogue.kept(commune.id, dossier.frozen_id)
    return head(commune) | {
        "number": "",
        "dossier": _dossier(dossier, content),
        "applicant": _applicant(dossier),
        "old_due": dossier.first_promise_at,
        "new_due": dossier.promise_at,
        "reason": line.reason,
        "times": dossier.extension_count,
        "signer": {"position": _("Chủ tịch"), "name": _who(dossier, "gia_han")},
        "keep": "VT",
    }


def _stopped(dossier: Dossier, commune: Commune) -> dict[str, Any] | None:
    """Mẫu 05: that work on it stopped, by whose wish, and what happens to the money."""
    if dossier.state != State.STOPPED:
        return None
    content = catalogue.kept(commune.id, dossier.frozen_id)
    asked = dossier.events.filter(action="yc_rut").last()
    action = "dong_y_rut" if asked else "khong_giai_quyet"
    return head(commune) | {
        "number": "",
        "dossier": _dossier(dossier, content),
        "applicant": _applicant(dossier),
        "asked_at": asked.server_time if asked else None,
        "asked_by": dossier.applicant if asked else "",
        "stage": dossier.step or _("Đang xử lý"),
        "decision": _("Đồng ý cho rút hồ sơ") if asked else _("Không giải quyết"),
        "signer": {"position": _("Chủ tịch"), "name": _who(dossier, action)},
        "keep": "VT",
    }


def _control(dossier: Dossier, commune: Commune) -> dict[str, Any] | None:
    """Mẫu 06: one line per hand-over, from the record of hand-overs alone."""
    if dossier.accepted_at is None:
        return None
    content = catalogue.kept(commune.id, dossier.frozen_id)
    rows = dossier.hand_overs.select_related("unit", "giver", "receiver").order_by("seq")
    return head(commune) | {
        "dossier": _dossier(dossier, content),
        "applicant": _applicant(dossier),
        "handovers": [_handed(each) for each in rows],
    }


def _handed(each: HandOver) -> dict[str, Any]:
    in_time = {"som": _("Sớm hạn"), "dung": _("Đúng hạn"), "qua": _("Quá hạn")}
    return {
        "unit": each.unit.name if each.unit else "",
        "at": each.at,
        "giver": str(each.giver or ""),
        "taker": str(each.receiver or ""),
        "result": in_time.get(each.result, ""),
        "note": each.note,
    }


def _line(dossier: Dossier) -> dict[str, Any]:
    return {
        "code": dossier.code,
        "procedure": dossier.procedure.name,
        "applicant": dossier.applicant,
        "received_at": dossier.accepted_at,
        "due": dossier.promise_at,
        "done_at": dossier.resolved_at,
        "returned_at": dossier.returned_at,
        "state": str(dossier.get_state_display()),
        "note": _("quá hạn") if dossier.is_overdue(clock.now()) else "",
    }


def _who(dossier: Dossier, action: str) -> str:
    event = dossier.events.filter(action=action).last()
    return official(event.actor_id) if event else ""


def official(key: str) -> str:
    """Return the name of an official by the key the history keeps; nothing for others."""
    if not str(key).isdigit():
        return ""
    found = Official.objects.filter(pk=int(key)).first()
    return str(found) if found else ""


_FORMS: Mapping[str, Callable[[Dossier, Commune], dict[str, Any] | None]] = {
    "01": _receipt,
    "02": _supplement,
    "03": _refusal,
    "04": _apology,
    "05": _stopped,
    "06": _control,
}
