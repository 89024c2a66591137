"""Numbers in the waiting room: groups of services, counters, tickets, bookings, their screens."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.models.dossier import Dossier
from xaso.kernel.places.models import Commune


class ServiceGroup(models.Model):
    """What people come for; its letter begins the number (A 012)."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    letter = models.CharField(max_length=1, db_collation="C")
    name = models.CharField(max_length=80)
    is_open = models.BooleanField(default=True)
    slot_minutes = models.PositiveSmallIntegerField(default=15)
    places_per_slot = models.PositiveSmallIntegerField(default=0)  # 0: nothing to book

    class Meta:
        ordering = ["letter"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "letter"], name="group_letter_in_commune"),
            models.CheckConstraint(
                condition=Q(letter__regex=r"^[A-Z]$"), name="group_letter_is_a_letter"
            ),
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=5, slot_minutes__lte=240), name="slot_has_length"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"


class CounterDesk(models.Model):
    """A counter in the room, who sits at it now, and which groups it serves."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80, blank=True)
    letters = ArrayField(models.CharField(max_length=1), default=list)
    is_open = models.BooleanField(default=True)
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    sat_at = models.DateTimeField(null=True)
    break_since = models.DateTimeField(null=True)
    normal_in_a_row = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "number"], name="counter_number_once"),
            models.UniqueConstraint(
                fields=["commune", "official"],
                condition=Q(official__isnull=False),
                name="an_official_sits_at_one_counter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class TicketCounter(models.Model):
    """The last number of a group on a local day; its row is the lock."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    letter = models.CharField(max_length=1, db_collation="C")
    day = models.DateField()
    last = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "letter", "day"], name="one_ticket_counter_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.day} {self.last}"


class Ticket(models.Model):
    """One turn of one person; nothing on it says who."""

    class Channel(models.TextChoices):
        """How the number was taken."""

        KIOSK = "kiosk", _("Máy lấy số")
        STAFF = "staff", _("Cán bộ lấy hộ")
        BOOKING = "booking", _("Đặt lịch trước")

    class Priority(models.TextChoices):
        """Why somebody goes first."""

        NONE = "", _("Không")
        ELDERLY = "elderly", _("Người cao tuổi")
        DISABLED = "disabled", _("Người khuyết tật")
        PREGNANT = "pregnant", _("Phụ nữ mang thai")
        CHILD = "child", _("Có con nhỏ đi cùng")
        FAR = "far", _("Từ bản xa đến")
        BOOKED = "booked", _("Đến đúng giờ đã đặt")

    class State(models.TextChoices):
        """Where the turn is."""

        WAITING = "waiting", _("Đang chờ")
        CALLED = "called", _("Đang gọi")
        SERVED = "served", _("Đã xong")
        ABSENT = "absent", _("Gọi không có mặt")
        LEFT = "left", _("Thôi không chờ")

    commune = models.ForeignKey(Commune, models.PROTECT)
    uuid = models.UUIDField()
    day = models.DateField()
    letter = models.CharField(max_length=1, db_collation="C")  # of the group it waits for now
    first_letter = models.CharField(max_length=1, db_collation="C")  # printed
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, choices=Channel)
    priority = models.CharField(max_length=10, choices=Priority, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    issued_at = models.DateTimeField()
    queued_at = models.DateTimeField()  # its place in the row; moves when transferred
    called_at = models.DateTimeField(null=True)
    calls = models.PositiveSmallIntegerField(default=0)
    last_call_at = models.DateTimeField(null=True)
    counter = models.ForeignKey(CounterDesk, models.PROTECT, null=True, related_name="tickets")
    finished_at = models.DateTimeField(null=True)
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["queued_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "uuid"], name="ticket_once"),
            models.UniqueConstraint(
                fields=["commune", "day", "first_letter", "number"], name="ticket_number_of_a_day"
            ),
            models.UniqueConstraint(
                fields=["commune", "counter"],
                condition=Q(state="called"),
                name="one_call_at_a_counter",
            ),
            models.CheckConstraint(
                condition=~Q(state="called") | Q(counter__isnull=False, called_at__isnull=False),
                name="called_ticket_has_a_counter",
            ),
        ]
        indexes = [
            models.Index(
                fields=["commune", "day", "letter", "queued_at"],
                name="ticket_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["commune", "day", "-last_call_at"], name="ticket_by_call"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the number as it is printed and called: A 012."""
        return f"{self.first_letter} {self.number:03d}"


class Booking(models.Model):
    """A place in a slot, held under a code; no name, no phone."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    uuid = models.UUIDField()
    code = models.CharField(max_length=9, db_collation="C")
    letter = models.CharField(max_length=1, db_collation="C")
    starts_at = models.DateTimeField()
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    ticket = models.OneToOneField(Ticket, models.PROTECT, null=True, related_name="booking")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "uuid"], name="booking_once"),
            models.UniqueConstraint(fields=["commune", "code"], name="booking_code"),
        ]
        indexes = [
            models.Index(
                fields=["commune", "letter", "starts_at"],
                name="booking_of_slot",
                condition=Q(cancelled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class QueueDevice(models.Model):
    """A machine in the waiting room: gives numbers, or shows and calls them. Known by a token.

    The token has 256 bits and is shown once; only a keyed digest of it is kept.
    """

    class Kind(models.TextChoices):
        """What it does."""

        KIOSK = "kiosk", _("Máy lấy số")
        CALLS = "calls", _("Màn hình gọi số")

    commune = models.ForeignKey(Commune, models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["commune", "digest"], name="queue_device_token"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="queue_device_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return self.name
