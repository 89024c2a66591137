"""Accounts a commune is paid into."""

from django.db import models
from django.db.models import F, Q

from xaso.kernel.places.models import Commune


class PayeeAccount(models.Model):
    """One account for a purpose, from a day on; the newest that has begun is used."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    use = models.SlugField(max_length=20, default="fees")  # what it is paid for
    bin = models.CharField(max_length=6)
    number = models.CharField(max_length=19)
    holder = models.CharField(max_length=120)  # as the bank's program shows it
    source = models.CharField(max_length=300, blank=True)  # the paper that names it
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # the last day
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "use", "valid_from"], name="one_payee_account_per_day"
            ),
            models.CheckConstraint(
                condition=Q(bin__regex=r"^\d{6}$") & Q(number__regex=r"^[0-9A-Za-z]{1,19}$"),
                name="payee_account_is_a_number",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="payee_account_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bin} {self.number}"
