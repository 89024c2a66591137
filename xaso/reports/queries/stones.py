"""What may be said of a report that was erased: that it was, under which rule, how it had ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from xaso.kernel.places.models import Commune
from xaso.kernel.text import spoken_code
from xaso.reports import catalogue, guards
from xaso.reports.models import Outcome, State, Tombstone
from xaso.reports.rule_defaults import KNOWN


@dataclass(frozen=True)
class Remains:
    """An erased report as anybody with its code may know of it; nothing anybody wrote."""

    code: str
    category: str
    month: date
    result: str
    rule: str
    deleted_at: datetime

    @property
    def spoken(self) -> str:
        """Return the code in threes."""
        return spoken_code.grouped(self.code)


def by_code(commune: Commune | UUID, code: str) -> Tombstone | None:
    """Return the tombstone of a code, if its report was erased."""
    return Tombstone.objects.filter(commune=commune, code=code).first()


def by_uuid(commune: Commune | UUID, uuid: UUID) -> Tombstone | None:
    """Return the tombstone of a sender's key, if its report was erased."""
    return Tombstone.objects.filter(commune=commune, uuid=uuid).first()


def published(commune: Commune, first: date, last: date) -> Sequence[Tombstone]:
    """Return the tombstones of public reports by the month they came in, newest first."""
    rows = Tombstone.objects.filter(
        commune=commune,
        was_public=True,
        received_month__gte=first.replace(day=1),
        received_month__lte=last,
    )
    return list(rows.exclude(state=State.DUPLICATE).order_by("-received_month", "-report_key"))


def remains(stone: Tombstone) -> Remains:
    """Return what may be told of a tombstone."""
    kind = catalogue.of(stone.commune_id).by_code.get(stone.category)
    return Remains(
        code=stone.code,
        category=kind.name if kind else "",
        month=stone.received_month,
        result=_result(stone),
        rule=_rule(stone.rule),
        deleted_at=stone.deleted_at,
    )


def _result(stone: Tombstone) -> str:
    if stone.outcome == Outcome.WITHDRAWN:
        return _("Người gửi đã rút lại")
    if stone.state == State.REJECTED:
        why = str(guards.REJECT_REASONS.get(stone.reason_code, ""))
        return ": ".join(filter(None, (_("Xã không xử lý"), why)))
    if stone.state == State.DUPLICATE:
        return _("Gộp vào một phản ánh khác")
    said = {
        "first": _("Xã đã trả lời, đúng hẹn"),
        "later": _("Xã đã trả lời, đúng ngày hẹn lại"),
        "no": _("Xã đã trả lời, muộn hẹn"),
    }
    return said.get(stone.on_time, _("Đã xong"))


def _rule(key: str) -> str:
    if key == "privacy.erase":
        return _("theo đề nghị của người gửi")
    known = KNOWN.get(key)
    return _("theo quy tắc “%(name)s”") % {"name": _(known.name)} if known else _("theo quy định")
