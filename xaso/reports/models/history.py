"""What happened to a report: events, what they did to the clock, and where it was sent."""

from django.db import models

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.places.models import Commune
from xaso.reports.models.catalogue import Body
from xaso.reports.models.report import Report
from xaso.reports.models.words import State


class ReportEvent(models.Model):
    """One step of a report: appended, never edited; each holds the hash of the one before."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()  # gapless per report, equal to the report's version
    kind = models.CharField(max_length=30)  # the action, or what another report did to this one
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, choices=State)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=64)
    actor_role = models.CharField(max_length=40, blank=True)
    on_behalf_of = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=20)
    device_time = models.DateTimeField(null=True)
    server_time = models.DateTimeField()
    public_text = models.TextField(blank=True)
    internal_text = models.TextField(blank=True)
    payload = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    # Of words that were sealed or erased since, joined by colons: the chain still holds.
    digests = models.CharField(max_length=194, blank=True)

    class Meta:
        ordering = ["report", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["report", "seq"], name="event_seq_of_report"),
        ]
        indexes = [
            models.Index(fields=["commune", "-server_time"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.seq} {self.kind}"


class ClockEntry(models.Model):
    """One line of a report's clock: started, paused, extended, moved. Appended, never edited.

    A pause is written when it ends; until then the report stands in `waiting_info` since its
    `state_since`.
    """

    class Clock(models.TextChoices):
        """Which clock."""

        ACK = "ack"
        RESOLVE = "resolve"
        CHILD = "child"
        WAIT = "wait"

    class Effect(models.TextChoices):
        """What happened to it."""

        RUN = "run"
        PAUSE = "pause"
        EXTEND = "extend"
        CALENDAR = "calendar_change"

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="clock_entries")
    clock = models.CharField(max_length=10, choices=Clock)
    effect = models.CharField(max_length=20, choices=Effect)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    minutes = models.IntegerField(null=True)  # working minutes between the two
    due_before = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # what is due after this entry
    reason_code = models.CharField(max_length=30, blank=True)
    text = models.TextField(blank=True)
    by = models.CharField(max_length=64)
    approved_by = models.CharField(max_length=64, blank=True)
    calendar_id = models.BigIntegerField(null=True)
    calendar_version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["report", "id"]
        indexes = [models.Index(fields=["report", "id"], name="clock_of_report")]

    def __str__(self) -> str:
        return f"{self.clock} {self.effect}"


class Forward(models.Model):
    """A report passed to an outside body; the resident's clock keeps running."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="forwards")
    body = models.ForeignKey(Body, models.PROTECT)
    reason = models.TextField(blank=True)
    asked = models.TextField()
    child_due_at = models.DateTimeField()
    link_token_hash = models.CharField(max_length=64, blank=True)
    link_expires_at = models.DateTimeField(null=True)
    forwarded_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)  # first time somebody of the body read it
    agreed_at = models.DateTimeField(null=True)  # the body said it takes the matter on
    reminder_count = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    reply_text = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)  # answered, declined, timeout
    paper_no = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["report", "-id"], name="forward_of_report"),
            models.Index(
                fields=["commune", "child_due_at"],
                name="forward_running",
                condition=models.Q(outcome=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "link_token_hash"],
                name="forward_link_once",
                condition=~models.Q(link_token_hash=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} → {self.body_id}"


class ForwardFile(models.Model):
    """A file a body sent with its reply; private until an official answers with it."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    forward = models.ForeignKey(Forward, models.PROTECT, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["forward", "attachment"], name="forward_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.forward_id}/{self.attachment_id}"
