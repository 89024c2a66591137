"""What a helper wrote without a network and their phone sends later (JSON)."""

import json
from dataclasses import replace
from typing import Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router
from ninja.decorators import decorate_view

from xaso.kernel.identity.models import Consent
from xaso.kernel.open_api import problems
from xaso.kernel.refusals import Invalid
from xaso.kernel.voices import sentences
from xaso.kernel.web.http import CommuneRequest
from xaso.kernel.working_time import clock
from xaso.reports import actions, asked, catalogue
from xaso.reports.actions.helping import Agreement, Helped
from xaso.reports.models import Help
from xaso.reports.views import arriving, senders
from xaso.reports.views.api import LARGEST_BODY, from_outbox, with_receipt
from xaso.reports.views.arriving import ReceiptOut, ReportIn

helped = Router(tags=["Phản ánh"])
HEADER = "X-Xaso-Helper"
_NEEDS_PHONE = (Help.Reach.OWN, Help.Reach.NEIGHBOUR)


class HelpedIn(arriving.Strict):
    """Gửi hộ ai, và người đó đã đồng ý thế nào (nói với người gửi hộ)."""

    whose: Literal["self", "other"]
    has_agreed: bool = False
    agreed_in: str = Field(default="vie", pattern=r"^[a-z]{3}$", description="ISO 639-3")
    reach: Literal["", "own", "neighbour", "helper", "slip"] = ""
    may_follow: bool = False


class HelpedReportIn(ReportIn):
    """Một phản ánh gửi hộ, ghi lúc không có mạng."""

    helped: HelpedIn


@helped.put(
    "/{uuid:key}/helped",
    response={200: ReceiptOut, 201: ReceiptOut},
    summary="Gửi một phản ánh gửi hộ từ máy đã nối (gửi lại không tạo thêm)",
    url_name="put_helped",
)
@decorate_view(from_outbox)
def put_helped(request: HttpRequest, key: UUID, given: HelpedReportIn) -> Any:  # noqa: ANN401
    """Mã của máy ở đầu mục X-Xaso-Helper; hết hạn hay thu hồi: 401, không còn vai trò: 403."""
    here = cast("CommuneRequest", request)
    if len(request.body) > LARGEST_BODY:
        return problems.answer(413)
    token = request.headers.get(HEADER, "")
    by = actions.holder_of_phone(here.commune, token, senders.device_hash(here))
    helps = _helped(given)
    new = arriving.report(key, given, json.loads(request.body), arriving.From())
    kind = catalogue.of(here.commune.id).by_code.get(given.category)
    answers = asked.from_phone(kind.asked(clock.now()), given.answers) if kind else {}
    new = replace(new, channel="helper", answers=answers)
    try:
        done = actions.receive_for(new, helps, by=by, commune=here.commune)
    except actions.OtherContent as refusal:
        return with_receipt(here, refusal, refusal.report)
    return (201 if done.is_new else 200), arriving.receipt(here, done.report)


def _helped(given: HelpedReportIn) -> Helped:
    """Return for whom a phone's helper sends. Refuses with Invalid, as the desk's form."""
    said = given.helped
    if said.whose != "other":
        return Helped()
    errors: dict[str, list[str]] = {}
    if not said.has_agreed:
        errors["has_agreed"] = [_("Bác đọc câu này cho bà con nghe rồi đánh dấu giúp.")]
    if not said.reach:
        errors["reach"] = [_("Bác chọn báo lại bằng cách nào.")]
    elif said.reach in _NEEDS_PHONE and not given.contact.phone:
        errors["phone"] = [_("Bác ghi số điện thoại, hoặc chọn chỉ đưa giấy hẹn.")]
    if errors:
        raise Invalid(errors=errors)
    lang = said.agreed_in if said.agreed_in in sentences.LANGUAGES else "vie"
    agreement = Agreement(Consent.Method.VOICE, lang)
    return Helped(agreement, said.reach, may_follow=said.may_follow)
