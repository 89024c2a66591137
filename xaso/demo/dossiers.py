"""Invented dossiers of the one-stop centre, in every state: same seed, same rows.

Nobody here exists. The papers that let Xã Số hold the originals are invented and say so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random
from uuid import UUID, uuid5

import msgspec
from PIL import Image, ImageDraw

from xaso.demo import names
from xaso.demo.dice import dice
from xaso.demo.towns import BY, Town
from xaso.dossiers import actions
from xaso.dossiers.actions import keeping
from xaso.dossiers.content import shape
from xaso.dossiers.content.shape import Content
from xaso.dossiers.models import Dossier, KeepingRule, Procedure, ProcedureVersion, Sureness
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.payments import actions as payments
from xaso.kernel.refusals import Refusal
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

SIZES = {"round": 28, "tiny": 60, "small": 400, "full": 400}  # a round has every state once
_ELSEWHERE = ("1.004222", "1.004194", "1.003677")  # kept by the police: only followed here
_PAID = ("2.000884", "2.000635")  # something is always to pay
_UNITS = {"kinh-doanh": "kinh-te", "dat-dai": "kinh-te", "bao-tro": "van-hoa"}
_PAPER = "QĐ-MẪU/2025 (dữ liệu mẫu)"
# A real bank, for its code must be known, and a number no bank gives: nobody is paid by mistake.
_BANK, _HOLDER = "970405", "UBND XA MAU - KHONG CHUYEN TIEN"
_OURS = dict.fromkeys(("receive", "process", "sign", "ret", "archive"), "XASO")
Kind = KeepingRule.Kind
_CASH = actions.Paid("cash", "")  # where something is still to pay at the end
_LAW = "Theo căn cứ ghi trong thủ tục"
_SLIP = "2025"  # the four digits of every invented slip
Way = Callable[["_Desk"], None]


@dataclass
class _Desk:
    """One dossier on its way, and what time it is there."""

    town: Town
    content: Content
    officer: str  # account
    chance: Random
    now: datetime
    dossier: Dossier
    number: int

    def later(self, hours: float) -> None:
        """Let working hours pass, roughly: nothing is done at night or on Sundays."""
        self.now += timedelta(hours=hours)
        local = dates.local(self.now)
        if local.hour >= 17 or local.hour < 7 or local.weekday() >= 5:
            ahead = 1 + (max(0, 6 - local.weekday()) if local.weekday() >= 5 else 0)
            day = local.date() + timedelta(days=ahead if local.hour >= 7 else 0)
            self.now = datetime.combine(day, time(8, self.chance.randrange(50)), dates.ZONE)

    def do(self, name: str, account: str, *given: object) -> None:
        """Take one step as somebody, at the time it is there."""
        act = getattr(actions, name)
        with clock.at(self.now):
            self.dossier = act(self.dossier, *given, by=self.town.actor(account))

    def hand(self, step: str, account: str, by: str) -> None:
        """Hand over to somebody for a step."""
        who = self.town.officials[account].pk
        self.do("hand_over", by, actions.Handing(step, who))


def live(town: Town, *, size: str, seed: int, until: datetime) -> int:
    """Open the centre of a commune and let its dossiers happen; return how many there are."""
    chance = dice(seed, town.commune.slug, "dossiers")
    with tenancy.inside(town.id):
        with clock.at(until - timedelta(days=190)):
            _open(town, dates.local(clock.now()).date())
        procedures = list(Procedure.objects.filter(commune=town.id).order_by("code"))
        wanted = SIZES[size]
        made = 0
        for number in range(wanted):
            made += _one(town, number, procedures, chance, until, seed)
    return made


def _open(town: Town, day: date) -> None:
    """Load the catalogue and publish it by an invented paper, which also says what is kept."""
    actions.set_up(town.commune, by=BY)
    for version in ProcedureVersion.objects.filter(commune=town.id).select_related("procedure"):
        if version.procedure.code not in _ELSEWHERE:
            content = shape.read(version.content)
            ours = msgspec.structs.replace(content.systems, authorisation=_PAPER, **_OURS)
            content = msgspec.structs.replace(content, systems=ours)
            actions.save_version(version, shape.write(content), by=BY)
        actions.publish(version, day, by=BY)
    for kind, months in ((Kind.TURNED_DOWN, 12), (Kind.DRAFT, 6)):
        rule = keeping.NewKeeping("", months, day, Sureness.SOURCE, _PAPER, kind)
        keeping.set_keeping(town.commune, rule, by=BY)
    account = payments.NewAccount(_BANK, "0" * 13, _HOLDER, day, _PAPER)
    payments.name_account(account, commune=town.commune, by=BY)


def _one(  # noqa: PLR0913, PLR0917  (one dossier of many)
    town: Town,
    number: int,
    procedures: Sequence[Procedure],
    chance: Random,
    until: datetime,
    seed: int,
) -> int:
    """Let one dossier happen along a way of its own."""
    ways = list(_WAYS.items())
    name, (way, days) = ways[number % len(ways)]
    mirrored = [p for p in procedures if p.code in _ELSEWHERE]
    paid = [p for p in procedures if p.code in _PAID]
    here = [p for p in procedures if p.code not in _ELSEWHERE]
    procedure = chance.choice({"mirror": mirrored, "paying": paid}.get(name, here))
    back = timedelta(days=chance.uniform(*days))
    began = _open_hour(until - back, chance)
    version = procedure.versions.exclude(state="draft").order_by("-number").first()
    content = shape.read(version.content) if version else Content()
    new = _new(town, number, procedure, content, chance, seed)
    officer = town.head(_UNITS.get(procedure.field_code, "van-hoa"))
    with clock.at(began):
        made = actions.open_draft if name in ("draft", "mirror") else actions.submit_new
        clerk = town.actor(chance.choice(("motcua", "tiepdan")))
        receipt = made(new, by=clerk, commune=town.commune)
    desk = _Desk(town, content, officer, chance, began, receipt.dossier, number)
    try:
        way(desk)
    except Refusal:  # a holiday made the day too late for a step: it stays where it stands
        return 1
    return 1


def _new(  # noqa: PLR0913, PLR0917  (one dossier of many)
    town: Town, number: int, procedure: Procedure, content: Content, chance: Random, seed: int
) -> actions.NewDossier:
    key = uuid5(UUID(int=0), f"{town.id} dossier {number}")
    village = chance.choice(list(town.villages))
    papers = [
        actions.Paper(each.code, "scan", originals=1, sha256=f"{number:032x}{order:032x}")
        for order, each in enumerate(content.components)
    ]
    if papers and chance.random() < 0.2:
        papers[-1] = actions.Paper(content.components[-1].code, "reused")
    fees = [
        actions.Fee(fee.code, fee.name, fee.kind, fee.amount or 4_000, fee.amount or 4_000)
        for fee in content.fees
    ]
    return actions.NewDossier(
        key,
        procedure.code,
        actions.Applicant(
            names.person(seed, town.commune.slug, f"dossier {number}"), village_id=village.pk
        ),
        channel=chance.choice((1, 1, 1, 1, 2, 3)),
        papers=papers,
        fees=fees,
        slip=_SLIP,
    )


def _open_hour(at: datetime, chance: Random) -> datetime:
    """Return a moment of an open counter near a moment, never later."""
    local = dates.local(at)
    day = local.date()
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    hour = chance.choice((8, 9, 10, 14, 15))
    found = datetime.combine(day, time(hour, chance.randrange(60)), dates.ZONE)
    return found if found < at else found - timedelta(days=7)


# --- the ways a dossier can go --------------------------------------------------------------------
def _stay(_desk: _Desk) -> None:
    """Nobody has done anything yet."""


def _accepted(desk: _Desk) -> None:
    desk.later(0.3)
    desk.do("accept", "motcua", None if desk.content.fees else [])


def _working(desk: _Desk) -> None:
    _accepted(desk)
    desk.later(0.6)
    desk.hand("", desk.officer, "motcua")


def _at_signing(desk: _Desk) -> None:
    _working(desk)
    while True:
        step = desk.content.step(desk.dossier.step)
        if step is None or step.kind == "trinh_ky" or not step.next:
            return
        after = desk.content.step(step.next[0])
        desk.later(1.5 if desk.content.time.unit == "TRONG_NGAY_15H" else 5)
        if step.kind == "niem_yet":
            desk.now = max(desk.now, (desk.dossier.posted_until or desk.now) + timedelta(hours=1))
            desk.later(0)
        is_leader = after is not None and after.role == "leader"
        desk.hand(step.next[0], "chutich" if is_leader else desk.officer, desk.officer)


def _resolved(desk: _Desk) -> None:
    _at_signing(desk)
    desk.later(1)
    leader = desk.town.officials["chutich"].pk
    register = desk.content.result.register or "khac"
    signed = actions.Signed(
        f"{desk.number + 1}", register, dates.local(desk.now).date(), leader,
        sha256=f"{desk.number:064x}", is_electronic=desk.number % 3 == 0,
        link="https://example.invalid/ket-qua" if desk.number % 3 == 0 else "",
    )  # fmt: skip
    desk.do("sign", "chutich", signed)


def _returned(desk: _Desk) -> None:
    _resolved(desk)
    desk.later(desk.chance.uniform(1, 30))
    how = "da_giao_dien_tu" if desk.dossier.channel == 2 else "da_giao_truc_tiep"
    desk.do("give_result", "motcua", actions.Handed(how, "ký nhận (mẫu)", paid=_CASH))


def _fetched(desk: _Desk) -> None:
    """Let a child fetch the result with a certified paper of authority."""
    _resolved(desk)
    desk.later(6)
    written = dates.local(desk.now).date() - timedelta(days=1)
    paper = attachments.store_photo(
        _sheet(), name="giay-uy-quyen-mau.jpg", commune=desk.town.id, by=BY
    )
    child = actions.Authority(
        f"{desk.dossier.applicant.split()[0]} Văn Mẫu", f"000{desk.number + 1:09}", "child",
        is_certified=True, authorised_on=written, evidence=paper,
    )  # fmt: skip
    how = actions.Handed("da_giao_truc_tiep", "ký nhận (mẫu)", authority=child, paid=_CASH)
    desk.do("give_result", "motcua", how)


def _sheet() -> BytesIO:
    """Return a photo of a sheet with lines for words: nobody's paper."""
    page = Image.new("RGB", (600, 840), (244, 240, 228))
    pen = ImageDraw.Draw(page)
    for row in range(12):
        pen.rectangle((70, 120 + row * 52, 530 - (row % 3) * 90, 128 + row * 52), (90, 96, 110))
    made = BytesIO()
    page.save(made, "JPEG", quality=70)
    made.seek(0)
    return made


def _slip(desk: _Desk) -> actions.Slip:
    name = desk.content.components[-1].name if desk.content.components else "Giấy tờ liên quan"
    return actions.Slip([{"code": "", "name": name}], "Giấy chụp mờ, chưa đọc được", _LAW)


def _waits(desk: _Desk) -> None:
    _working(desk)
    desk.later(2)
    desk.do("propose_supplement", desk.officer, _slip(desk))
    desk.later(1)
    desk.do("approve_supplement", "chutich")


def _completed(desk: _Desk) -> None:
    _waits(desk)
    desk.later(30)
    desk.do("complete", "motcua", actions.Completing("đủ giấy tờ"))


def _proposed(desk: _Desk) -> None:
    _working(desk)
    desk.later(2)
    desk.do("propose_supplement", desk.officer, _slip(desk))


def _extended(desk: _Desk) -> None:
    _working(desk)
    desk.later(1)
    promise = desk.dossier.promise_at or desk.now
    new = promise + timedelta(days=5)
    desk.do(
        "extend", "chutich",
        actions.Extending(new, "Đường vào bản bị sạt, chưa xác minh được", "Xã xin lỗi bà con"),
    )  # fmt: skip


def _verified(desk: _Desk) -> None:
    _working(desk)
    desk.later(1)
    if desk.content.time.verify is not None:
        desk.do("verify", desk.officer, "Cần hỏi nơi cư trú trước đây")


def _consulting(desk: _Desk) -> None:
    _working(desk)
    desk.later(1)
    due = desk.now + timedelta(days=2)
    desk.do("ask_opinion", desk.officer, actions.Asked("Công an xã", "Xác nhận cư trú", due))


def _paying(desk: _Desk) -> None:
    _working(desk)
    desk.later(1)
    if desk.dossier.fees.filter(amount__gt=0).exists():
        desk.do("ask_payment", desk.officer)


def _withdrawing(desk: _Desk) -> None:
    _working(desk)
    desk.later(3)
    desk.do("ask_withdrawal", "motcua", "Gia đình đổi ý, xin rút hồ sơ")


def _stopped(desk: _Desk) -> None:
    _withdrawing(desk)
    desk.later(2)
    desk.do("agree_withdrawal", "chutich")


def _refused(desk: _Desk) -> None:
    desk.later(1)
    desk.do("refuse", "motcua", "Không thuộc thẩm quyền của xã, mời bà con tới tỉnh", _LAW)


def _asked_before(desk: _Desk) -> None:
    desk.later(1)
    desk.do("ask_before", "motcua", _slip(desk))


def _mirrored(desk: _Desk) -> None:
    desk.later(0.2)
    day = dates.local(desk.now)
    code = f"H35.99.{desk.town.commune.code[2:]}-{day:%y%m%d}-{desk.number:06}"
    desk.do("hand_to_system", "motcua", "POLICE", code)


def _corrected(desk: _Desk) -> None:
    _resolved(desk)
    desk.later(20)
    desk.do("correct", "chutich", "Sai chữ đệm của họ tên trên kết quả")


_OLD, _WEEKS, _NEW = (30.0, 180.0), (8.0, 40.0), (0.2, 2.0)
# What happens, and how many days ago it began. Finished ones come up most often.
_WAYS: dict[str, tuple[Way, tuple[float, float]]] = {
    "returned 1": (_returned, _OLD), "returned 2": (_returned, _OLD),
    "working": (_working, _NEW), "returned 3": (_returned, _OLD),
    "signing": (_at_signing, (1.0, 4.0)), "returned 4": (_returned, _OLD),
    "supplement": (_waits, (2.0, 20.0)), "returned 5": (_returned, _OLD),
    "new": (_stay, _NEW), "returned 6": (_returned, _OLD),
    "ready": (_resolved, (3.0, 25.0)), "late": (_working, _WEEKS),
    "accepted": (_accepted, _NEW), "completed": (_completed, (3.0, 8.0)),
    "extended": (_extended, (2.0, 6.0)), "verified": (_verified, (1.0, 4.0)),
    "proposed": (_proposed, (1.0, 3.0)), "consulting": (_consulting, (1.0, 3.0)),
    "paying": (_paying, (1.0, 5.0)), "withdrawing": (_withdrawing, (1.0, 6.0)),
    "stopped": (_stopped, _OLD), "refused": (_refused, _OLD),
    "asked before": (_asked_before, (1.0, 9.0)), "draft": (_stay, _NEW),
    "mirror": (_mirrored, (1.0, 30.0)), "corrected": (_corrected, _WEEKS),
    "returned 7": (_returned, _OLD), "fetched": (_fetched, _OLD),
}  # fmt: skip
