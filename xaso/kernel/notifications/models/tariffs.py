"""What a message costs and how many a month may have: dated rows, each with its source."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from xaso.kernel.places.models import Commune


class Item(models.TextChoices):
    """What a channel's company counts and charges."""

    SMS = "sms", _("Tin SMS, mỗi phần")
    ZNS = "zns", _("Tin Zalo theo số điện thoại, mỗi tin")
    ZALO = "zalo", _("Tin Zalo cho người đã nhắn xã, mỗi tin")


class Sureness(models.TextChoices):
    """How sure a price is."""

    CONTRACT = "contract", _("Theo hợp đồng của xã")
    SOURCE = "source", _("Theo tài liệu dẫn lại")
    UNVERIFIED = "unverified", _("Chưa kiểm tra, cần đối chiếu hợp đồng")


class Tariff(models.Model):
    """Price and monthly cap of one item from a day on; the newest row that began holds."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    item = models.CharField(max_length=10, choices=Item)
    valid_from = models.DateField()
    price = models.DecimalField(  # đồng for one part or message, before tax
        max_digits=9, decimal_places=2, validators=[MinValueValidator(0)]
    )
    cap = models.PositiveIntegerField(null=True)  # parts or messages a month; none: no cap
    sureness = models.CharField(max_length=12, choices=Sureness)
    source = models.CharField(max_length=300)
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "item", "valid_from"], name="one_tariff_per_item_and_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.valid_from}"
