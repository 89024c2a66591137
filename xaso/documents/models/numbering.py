"""Books of numbers. A number once taken stays for ever; nothing is renumbered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune


class Book(models.Model):
    """One series of numbers: outgoing, incoming, copies, or one the head of the agency decides.

    Its row is the lock under which numbers are given: one writer at a time per book.
    """

    class Kind(models.TextChoices):
        """What is registered in a book."""

        OUTGOING = "outgoing", _("Văn bản đi")
        INCOMING = "incoming", _("Văn bản đến")
        COPIES = "copies", _("Bản sao")
        BOARD = "board", _("Hội đồng, ban, tổ")
        OWN = "own", _("Sổ riêng")

    commune = models.ForeignKey(Commune, models.PROTECT)
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    is_open = models.BooleanField(default=True)
    last_on = models.DateField(null=True)  # date of the newest number, over all years

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commune", "code"], name="book_code")]

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    """The newest number of a book in a year; begins at 1 each 1 January, local time."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    book = models.ForeignKey(Book, models.PROTECT, related_name="counters")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "book", "year"], name="counter_of_year")
        ]

    def __str__(self) -> str:
        return f"{self.book_id}/{self.year}: {self.last}"


class Number(models.Model):
    """One number that was taken, in use or void; `key` is the caller's, so that a retry is safe."""

    class State(models.TextChoices):
        """What became of a number."""

        TAKEN = "taken", _("Đã cấp")
        VOID = "void", _("Huỷ số")

    commune = models.ForeignKey(Commune, models.PROTECT)
    book = models.ForeignKey(Book, models.PROTECT, related_name="numbers")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    notation = models.CharField(max_length=60, blank=True)  # ký hiệu: QĐ-UBND, UBND-VX
    on = models.DateField()  # the date of the document, local
    key = models.UUIDField()
    subject = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.TAKEN)
    reason = models.CharField(max_length=300, blank=True)
    taken_by = models.CharField(max_length=64)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["book", "year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "book", "year", "number"], name="number_once_in_book"
            ),
            models.UniqueConstraint(fields=["commune", "key"], name="number_once_per_key"),
            models.UniqueConstraint(
                fields=["commune", "year", "notation", "number"],
                condition=~Q(notation=""),
                name="number_and_sign_once_a_year",
            ),
            models.CheckConstraint(
                condition=Q(state="taken") | ~Q(reason=""), name="void_number_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """Number and sign as printed: `05/QĐ-UBND`; numbers under 10 take a zero."""
        tail = f"/{self.notation}" if self.notation else ""
        return f"{self.number:02}{tail}"
