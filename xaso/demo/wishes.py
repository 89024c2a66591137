"""Some people ask about their own data, and one report is kept as evidence; all invented."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from xaso.demo.towns import Town
from xaso.kernel.audit.actors import Actor
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.models import DataRequest, Report, State
from xaso.reports.people import Person

_BY = Actor("resident", "", "web")
_HELD = timedelta(days=200)


def ask(town: Town, until: datetime) -> int:
    """Let three senders ask, answer the first, keep one report; return how many asked."""
    with tenancy.inside(town.id):
        rows = Report.objects.filter(commune=town.id, state=State.CLOSED, reporter__isnull=False)
        found = list(rows.select_related("reporter").order_by("-received_at", "-pk")[:4])
        wishes = (
            (DataRequest.Kind.COPY, "Cho tôi xin một bản giấy, tôi không dùng điện thoại."),
            (DataRequest.Kind.CORRECT, "Tên tôi viết có dấu nặng, xã ghi nhầm dấu hỏi."),
            (DataRequest.Kind.ERASE, "Việc xong rồi, xóa giúp ảnh có nhà tôi."),
        )
        asked = [
            _asked(town, report, kind, text, until - timedelta(hours=30 - 9 * number))
            for number, ((kind, text), report) in enumerate(zip(wishes, found, strict=False))
        ]
        if asked:
            answer = "Xã đã in một bản, bác ghé bộ phận một cửa nhận trong giờ làm việc."
            given = actions.Decision(DataRequest.State.ACCEPTED, answer)
            with clock.at(until - timedelta(hours=4)):
                actions.decide_data_request(asked[0], given, by=town.actor("chutich"))
        if len(found) > len(wishes):
            day = dates.local(until + _HELD).date()
            new = actions.NewHold(found[-1].code, "Bên bảo hiểm đang hỏi, giữ đến khi xong.", day)
            with clock.at(until - timedelta(hours=2)):
                actions.hold(town.id, new, by=town.actor("chutich"))
        return len(asked)


def _asked(town: Town, report: Report, kind: str, text: str, at: datetime) -> DataRequest:
    key = uuid5(NAMESPACE_URL, f"{town.commune.slug}/{report.uuid}/{kind}")
    with clock.at(at):
        return actions.ask_about_data(Person(report), actions.Asked(key, kind, text), by=_BY)
