"""What a message costs, how much of the month's cap is used, and when it is full."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from xaso.kernel.measures import queries as measures
from xaso.kernel.notifications import texts
from xaso.kernel.notifications.models import Item, Message, Tariff
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

METRIC = "notifications.units"
NEAR = Decimal("0.8")  # of the cap: the administrators are told


@dataclass(frozen=True)
class Spent:
    """A month of one item: how many parts or messages, what they cost in đồng, what is left."""

    item: Item
    units: int
    money: Decimal
    tariff: Tariff | None

    @property
    def cap(self) -> int | None:
        """Return the month's cap, if there is one."""
        return self.tariff.cap if self.tariff else None

    @property
    def left(self) -> int | None:
        """Return what the cap leaves, never less than nothing."""
        return None if self.cap is None else max(0, self.cap - self.units)

    @property
    def near(self) -> int | None:
        """Return from how many on the administrators are told."""
        return None if self.cap is None else int(-(-self.cap * NEAR // 1))

    def has_room(self, units: int) -> bool:
        """Return whether so many more fit under the cap."""
        return self.left is None or units <= self.left


def item(channel: str, address: str) -> Item | None:
    """Return what a message is charged as; nothing for what is free."""
    if channel == "sms":
        return Item.SMS
    if channel == "zalo":
        return Item.ZALO if address.startswith("user:") else Item.ZNS
    return None


def units(message: Message) -> int:
    """Return how many parts or messages this one is charged as."""
    return texts.parts(message.body) if message.channel == "sms" else 1


def month(day: date) -> tuple[date, date]:
    """Return the first day of a month and of the next one."""
    first = day.replace(day=1)
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)


def today() -> date:
    """Return the local day."""
    return dates.local(clock.now()).date()


def in_force(commune: UUID, day: date) -> dict[str, Tariff]:
    """Return each item's tariff on a day, in one statement."""
    rows = Tariff.objects.filter(commune=commune, valid_from__lte=day)
    return {row.item: row for row in rows.order_by("valid_from")}


def spent(commune: UUID, of: Item, day: date) -> Spent:
    """Return the month of one item around a day."""
    since, until = month(day)
    sums = measures.total(METRIC, commune, since, until, {"item": of.value})
    return Spent(of, sums.n, sums.total, in_force(commune, day).get(of.value))


def months(commune: UUID, day: date, count: int) -> list[tuple[date, list[Spent]]]:
    """Return the last months, the newest first, each with every item; one statement a month."""
    found = []
    first, until = month(day)
    tariffs = in_force(commune, day)
    for _each in range(count):
        sums = measures.by_dim("item", METRIC, commune, first, until)
        nothing = measures.Sums(0, Decimal(0))
        rows = [
            Spent(of, *_pair(sums.get(of.value, nothing)), tariffs.get(of.value)) for of in Item
        ]
        found.append((first, rows))
        until = first
        first = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    return found


def _pair(sums: measures.Sums) -> tuple[int, Decimal]:
    return sums.n, sums.total
