"""Who fetches a result for its holder with a paper of authority, and what that paper must be."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xaso.dossiers.models.dossier import Dossier
from xaso.dossiers.models.words import Sureness
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.places.models import Commune
from xaso.kernel.sealing.fields import SealedTextField


class Relation(models.TextChoices):
    """Who somebody is to the holder."""

    SPOUSE = "spouse", _("Vợ, chồng")
    PARENT = "parent", _("Cha, mẹ")
    CHILD = "child", _("Con")
    SIBLING = "sibling", _("Anh, chị, em ruột")
    GRANDPARENT = "grandparent", _("Ông, bà")
    RELATIVE = "relative", _("Người thân khác")
    OTHER = "other", _("Người khác")


class Certifying(models.TextChoices):
    """Whether the paper of authority must be certified or notarised."""

    NEVER = "never", _("Không cần chứng thực")
    UNLESS_NEAR = "unless_near", _("Phải chứng thực, trừ người thân đã chọn")
    ALWAYS = "always", _("Phải chứng thực")


class AuthorityRule(models.Model):
    """What a paper of authority must be, from a day on.

    For one procedure, or a field of procedures, or with neither for all others. `near`: whose
    paper needs no certification.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    procedure = models.CharField(max_length=40, blank=True, db_collation="C")  # code
    field = models.CharField(max_length=20, blank=True, db_collation="C")  # field_code
    valid_from = models.DateField()
    certifying = models.CharField(max_length=12, choices=Certifying)
    near = ArrayField(models.CharField(max_length=12, choices=Relation), default=list)
    sureness = models.CharField(max_length=12, choices=Sureness)
    source = models.CharField(max_length=300)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "procedure", "field", "valid_from"],
                name="one_authority_rule_a_day",
            ),
            models.CheckConstraint(
                condition=Q(procedure="") | Q(field=""), name="authority_rule_is_for_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure or self.field or '*'} {self.valid_from} {self.certifying}"


class ResultReceiver(models.Model):
    """Who fetched a result in its holder's place, and the paper that allowed it.

    Of the number of their own paper the page shows the last three digits. `rule`: what the paper
    had to satisfy then, as the rule named its source.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="receiver")
    name = SealedTextField(context="dossiers_resultreceiver.name", default="")
    id_number = SealedTextField(context="dossiers_resultreceiver.id_number", default="")
    id_index = models.CharField(max_length=64)
    relation = models.CharField(max_length=12, choices=Relation)
    is_certified = models.BooleanField()
    authorised_on = models.DateField()  # the day the paper was written
    valid_until = models.DateField(null=True)  # its last day, where it says one
    evidence = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=300)
    given_by = models.CharField(max_length=64)
    given_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["commune", "id_index"], name="result_receiver_by_number")]

    def __str__(self) -> str:
        return f"receiver of {self.dossier_id}"

    @property
    def number_end(self) -> str:
        """Return the last three digits of the number, for eyes that need no more."""
        return f"•••{self.id_number[-3:]}"
