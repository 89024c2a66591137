"""What happens beside the steps of a report: neighbours join, people rate, leaders look again."""

from datetime import timedelta

from xaso.demo.dice import dice
from xaso.demo.towns import BY, Town
from xaso.kernel.audit.actors import Actor
from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.boxes import blind
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.text import dates
from xaso.reports import actions as reports
from xaso.reports.models import Report, ReportTask, State, TaskKind, Visibility

RESIDENT = Actor("resident", "", "web")
JOINING, UNHAPPY = 0.3, 0.07  # shares
_REASONS = ("half_done", "not_done", "no_proof", "unclear")
_WORDS = (
    "Làm được một đoạn, đoạn cuối vẫn còn.",
    "Tôi ra xem thì vẫn như cũ.",
    "Chưa thấy ảnh chỗ nhà tôi.",
    "",
)
_FOUND = {
    "stands": "Lãnh đạo xã đã ra tận nơi xem, việc đã làm đúng như trả lời. Mời bà con xem lại.",
    "done": "Đã làm xong đúng ngày hẹn, bà con đi lại bình thường.",
}
TEMPLATES = {
    "Đã sửa đường": "Tổ [tên tổ] đã [việc đã làm] ở [chỗ nào], [ngày]. Nay xe [đi lại thế nào]. "
    "Bà con thấy hỏng lại thì báo theo mã này.",
    "Đã thu gom rác": "Tổ vệ sinh môi trường đã thu gom [bao nhiêu] rác ở [chỗ nào], [ngày], đặt "
    "biển nhắc. Từ nay thu gom vào [ngày nào trong tuần].",
    "Chuyển cơ quan khác": "Việc ở [chỗ nào] thuộc [tên cơ quan] lo. Xã đã chuyển ngày [ngày], "
    "đề nghị [làm gì] trước ngày [ngày hẹn]. Xã theo dõi và báo lại bà con.",
    "Hẹn ngày làm": "Xã đã ra xem [chỗ nào] ngày [ngày]. Việc này cần [vật tư, máy móc gì] nên "
    "[tên đơn vị] sẽ làm vào ngày [ngày hẹn].",
}


def write_templates(commune: Commune) -> None:
    """Give a commune some texts to start answers from."""
    with tenancy.inside(commune.id):
        for name, text in TEMPLATES.items():
            reports.write_template(commune, reports.Wording(name, text), by=BY)


def join(report: Report, number: int) -> None:
    """Let some neighbours say that they saw it too."""
    chance = dice(report.commune_id, number, "join")
    if report.visibility != Visibility.PUBLIC or chance.random() > JOINING:
        return
    for neighbour in range(chance.choice((1, 1, 1, 2, 2, 3, 5))):
        kind = "watch" if chance.random() < 0.2 else "me_too"
        given = reports.Following(kind=kind, device_hash=f"demo {number} {neighbour}")
        reports.follow(report, given, by=RESIDENT)


def rate(report: Report, score: int, number: int) -> Report:
    """Let the sender say what they think; now and then they are not content."""
    chance = dice(report.commune_id, number, "rate")
    if chance.random() > UNHAPPY:
        return reports.rate(report, reports.Rating(score), by=RESIDENT)
    pick = chance.randrange(len(_REASONS))
    given = reports.Rating(0, _REASONS[pick], _WORDS[pick])
    return reports.rate(report, given, by=RESIDENT)


def finish_tasks(report: Report, town: Town, unit: str) -> None:
    """Let whoever is named finish what follows from the answers of a report."""
    report = Report.objects.get(pk=report.pk)
    for task in ReportTask.objects.filter(report=report, done_at__isnull=True).order_by("id"):
        is_check = task.kind == TaskKind.FOLLOW_UP
        if is_check and report.state not in (State.ANSWERED, State.CLOSED):
            continue
        account = _account(town, task) or town.head(unit)
        outcome = "done" if is_check else "stands" if task.kind == TaskKind.REVIEW else "met"
        said = _FOUND.get(outcome, _FOUND["stands"])
        reports.finish_task(task, reports.Finding(outcome, said), by=town.actor(account))


def contact(report: Report) -> str:
    """Return whom to ask about what another body does; nothing for the commune's own work."""
    last = report.forwards.select_related("body").order_by("-forwarded_at").first()
    if report.state != State.FORWARDED or last is None:
        return ""
    day = dates.local(last.forwarded_at)
    return f"{last.body.name}, chuyển ngày {day.day}/{day.month}, {last.body.phone}"


def patience(number: int) -> timedelta:
    """Return after how long a leader looks at an objection."""
    return timedelta(hours=dice(number, "patience").randint(5, 40))


def _account(town: Town, task: ReportTask) -> str:
    """Return the account of a task's official, as the town knows it."""
    known = {official.pk: account for account, official in town.officials.items()}
    return known.get(task.assignee_id, "") if task.assignee_id else ""


def give_phone(report: Report, who: str) -> None:
    """Store a number that nobody has: the form rightly refuses it."""
    reporter = report.reporter
    if reporter is None or reporter.preferred not in {"call", "sms"}:
        return
    tail = dice(who, "phone").randrange(10**6)
    reporter.phone = f"+84000{tail:06d}"
    reporter.phone_index = blind(reporter.phone, context="reports.phone")
    reporter.phone_tail_index = blind(reporter.phone[-4:], context="reports.phone_tail")
    reporter.save(update_fields=["phone", "phone_index", "phone_tail_index"])
