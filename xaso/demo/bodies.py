"""What outside bodies of the demo answer through their link."""

from xaso.demo.matters import Matter
from xaso.reports import actions as reports
from xaso.reports.models import Report, State


def say(report: Report, matter: Matter) -> None:
    """Let the body a report is with, if any, take it on and answer."""
    if report.state != State.FORWARDED:
        return
    forward = report.forwards.order_by("-id")[:1].get()
    by = reports.as_body(forward)
    reports.body_agrees(forward, by=by)
    text = f"{matter.body or 'Đơn vị'} đã cử người kiểm tra và làm xong, gửi xã kết quả."
    reports.body_replies(forward, reports.BodyReply(text), by=by)
