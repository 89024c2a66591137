"""The hand-off sheet: what to bring, with which code, and where, when it is not filed with us."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from xaso.documents import actions as documents
from xaso.documents.actions.rendering import Rendered
from xaso.dossiers.catalogue import Held
from xaso.dossiers.content.shape import ComponentRule, Content
from xaso.dossiers.models import System
from xaso.dossiers.printing import head, term_in_words
from xaso.kernel.places.models import Commune
from xaso.kernel.refusals import Refusal
from xaso.kernel.text import dates, so
from xaso.kernel.working_time import clock

FORM = "to-huong-dan"


class FiledHere(Refusal):
    """The dossier is received with us: no sheet sends people elsewhere."""

    sentence = gettext_lazy("Việc này nộp ngay tại xã. Bác tiếp nhận ở bộ phận một cửa.")


def is_elsewhere(held: Held) -> bool:
    """Return whether another system receives dossiers of this version."""
    return held.content.systems.at("receive") != System.XASO


def printed(held: Held, output: str, *, commune: Commune) -> Rendered:
    """Return the sheet of a version as `pdf` or `docx`, in Vietnamese; no person is on it.

    Refuses with FiledHere, and as `documents.render` does.
    """
    if not is_elsewhere(held):
        raise FiledHere
    with override("vi"):
        data = head(commune) | _data(held)
        return documents.render(FORM, data, dates.local(clock.now()).date(), output)


def _data(held: Held) -> dict[str, Any]:
    content = held.content
    receive = content.systems.at("receive")
    decision = content.identity.decision_no
    return {
        "procedure": {
            "name": held.procedure.name,
            "code": held.procedure.code,
            "who": content.text.who,
            "term": term_in_words(content.time),
            "fees": _fees(content),
            "decision": _("quyết định %(number)s") % {"number": decision}
            if decision
            else _("bản công bố số %(n)s của xã") % {"n": held.version.number},
        },
        "place": {
            "submit": str(System(content.systems.at("submit")).label),
            "receive": str(System(receive).label),
            "where": content.text.where,
            "code": content.systems.external_codes.get(receive, ""),
        },
        "papers": [_paper(each) for each in content.components] or [_paper_none()],
        "how": [{"text": each} for each in content.text.how] or [{"text": _how(receive)}],
    }


def _paper_none() -> dict[str, str]:
    return {"name": _("Không phải mang giấy tờ nào"), "count": "", "note": ""}


def _how(receive: str) -> str:
    said = {"place": str(System(receive).label)}
    return _("Mang giấy tờ ghi ở trên đến nộp ở %(place)s, giữ lại mã hồ sơ được cấp.") % said


def _fees(content: Content) -> str:
    if not content.fees:
        return _("Bản công bố không ghi khoản thu nào")
    return "; ".join(
        _("%(name)s %(amount)s đồng") % {"name": each.name, "amount": so(each.amount)}
        for each in content.fees
    )


def _paper(rule: ComponentRule) -> dict[str, str]:
    counts = []
    if rule.originals:
        counts.append(_("%(n)s bản chính") % {"n": rule.originals})
    if rule.copies:
        counts.append(_("%(n)s bản sao") % {"n": rule.copies})
    if rule.condition:
        note = _("chỉ khi %(when)s") % {"when": rule.condition}
    else:
        note = "" if rule.is_mandatory else _("không bắt buộc")
    return {"name": rule.name, "count": ", ".join(counts), "note": note}
