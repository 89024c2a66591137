"""An exercise of data that got out, as a demo commune held it once; all invented."""

from datetime import datetime, timedelta

from xaso.demo.towns import Town
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.population import actions
from xaso.population.actions import Purpose, breaches
from xaso.population.models import Breach, BreachStep, FieldGroup, Person

_TOLD = "Diễn tập: giả sử một máy tính đang mở sổ dân cư bị bỏ quên ở hội trường."
_LOOKED = (
    (20, "residence", (FieldGroup.BASIC,)),
    (6, "welfare", (FieldGroup.BASIC, FieldGroup.SENSITIVE)),
)
_STEPS = (  # minutes after the start, what was done
    (BreachStep.CONTAINED, 12, "Đóng mọi phiên của tài khoản, đổi mật khẩu (diễn tập)."),
    (BreachStep.ASSESSED, 55, "Đếm trong nhật ký xem; máy không khóa màn hình (diễn tập)."),
    (BreachStep.AUTHORITY, 140, "In văn bản, đọc lại, không gửi đi (diễn tập)."),
    (BreachStep.PEOPLE, 185, "Soạn lời nhắn cho bà con, không gửi đi (diễn tập)."),
    (BreachStep.CLOSED, 200, "Lần sau khóa màn hình sau năm phút."),
)


def drill(town: Town, until: datetime) -> Breach:
    """Hold one exercise about the looks of an account in the week before it; return it."""
    with tenancy.inside(town.id):
        by, about = town.actor("chutich"), town.actor("vanhoa")
        start = until - timedelta(days=9)
        people = list(Person.objects.filter(merged_into=None).order_by("id")[:20])
        for most, purpose, groups in _LOOKED:
            with clock.at(start - timedelta(days=2)):
                actions.saw_many(people[:most], groups, Purpose(purpose), by=about)
        new = breaches.NewBreach(
            _TOLD, start - timedelta(days=7), start, account=int(about.id), is_drill=True
        )
        with clock.at(start):
            held = breaches.open_breach(town.commune, new, by=by)
        for step, minutes, said in _STEPS:
            with clock.at(start + timedelta(minutes=minutes)):
                breaches.take_step(held.pk, step, said, by=by)
        return held
