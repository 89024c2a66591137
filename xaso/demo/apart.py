"""What stands apart in each demo commune: sealed letters and a day of receiving citizens.

Every name and every accusation is invented and says so.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import uuid5

from xaso.demo.stories import at_the_office
from xaso.demo.towns import Town
from xaso.kernel.audit.actors import Actor
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock
from xaso.reports import actions as reports
from xaso.reports.models import Report

RESIDENT = Actor("resident", "", "web")


@dataclass(frozen=True)
class Letter:
    """One sealed letter: how long ago, through which category, what it says."""

    days: float
    category: str
    text: str
    name: str = ""
    is_settled: bool = False


LETTERS = (
    Letter(
        9,
        "DECISION",
        "(Chuyện bịa để chạy thử) Gia đình tôi không đồng ý với quyết định thu lại góc vườn. "
        "Đề nghị xã xem lại, tôi mang giấy tờ đến được.",
        "Người Thử Một",
        is_settled=True,
    ),
    Letter(
        2,
        "DECISION",
        "(Chuyện bịa để chạy thử) Xã phạt nhà tôi vì đổ đất ra rãnh, nhưng hôm đó nhà tôi đi vắng.",
        "Người Thử Hai",
    ),
    Letter(
        1,
        "WRONGDOING",
        "(Chuyện bịa để chạy thử) Một người tên là Mẫu Văn Giả ở kho vật tư đòi thêm tiền "
        "khi phát giống.",
    ),
)
TIP = "(Chuyện bịa để chạy thử) Đêm qua có người lạ tháo bóng đèn ở sân nhà văn hóa."
HINTING = "Cán bộ phát giống {where} có lần vòi tiền bà con, mong xã xem lại cách phát."


def happen(town: Town, until: datetime) -> None:
    """Let the letters come, one be settled, one have an appointment, and a tip be handed over."""
    with tenancy.inside(town.id):
        _receiving_days(town, until)
        for number, letter in enumerate(LETTERS):
            at = at_the_office(until - timedelta(days=letter.days))
            with clock.at(min(at, until)):
                report = _send(town, f"letter {number}", letter.category, letter.text, letter.name)
            if letter.is_settled:
                with clock.at(min(at + timedelta(days=1), until)):
                    reports.settle(report, "01/TCD (mẫu)", by=town.actor("chutich"))
        _alarms(town, until)
        with clock.at(until - timedelta(minutes=12)):
            _send(town, "tip", "SECURITY", TIP)
            _send(town, "hint", "CROPS", HINTING.format(where="ở nhà văn hóa"))


def _alarms(town: Town, until: datetime) -> None:
    """Let one landslide be taken and one drill be over, as on any week of the rains."""
    with clock.at(until - timedelta(hours=3)):
        slide = _send(town, "slide", "HAZARD-LANDSLIDE", "")
    with clock.at(until - timedelta(hours=3) + timedelta(minutes=2)):
        reports.take_alarm(slide, by=town.actor("motcua"))
        reports.confirm_alarm(slide, by=town.actor("motcua"))
    with clock.at(until - timedelta(days=6)):
        drill = _send(town, "drill", "HAZARD-FIRE", "DIỄN TẬP")
        reports.take_alarm(drill, by=town.actor("motcua"))
        reports.end_alarm(drill, by=town.actor("motcua"))


def _send(town: Town, key: str, category: str, text: str, name: str = "") -> Report:
    new = reports.NewReport(
        uuid=uuid5(town.id, f"demo apart {key}"),
        content_hash=uuid5(town.id, text).hex * 2,
        category=category,
        channel="web_plain",
        text=text,
        place=reports.Place(village_id=town.villages[0].pk),
        contact=reports.Contact(name=name),
        is_drill=key == "drill",
    )
    return reports.receive(new, by=RESIDENT, commune=town.commune).report


def _receiving_days(town: Town, until: datetime) -> None:
    """Receive citizens on the two coming Thursdays."""
    today = dates.local(until).date()
    first = today + timedelta(days=(3 - today.weekday()) % 7 or 7)
    with clock.at(until):
        for week in range(2):
            day = reports.Day(
                on=first + timedelta(days=7 * week),
                begins=time(8),
                count=6,
                minutes=30,
                room="Phòng tiếp công dân",
                host=town.people["chutich"].position,
            )
            reports.open_day(town.commune, day, by=town.actor("chutich"))
