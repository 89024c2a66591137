"""What the commune answered, who waits for it with the sender, and what people thought of it."""

from django.conf import settings
from django.db import models

from xaso.kernel.attachments.models import Attachment
from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune
from xaso.reports.models.catalogue import Category
from xaso.reports.models.report import Report, Reporter
from xaso.reports.models.words import AnswerKind, FollowKind


class Answer(models.Model):
    """The commune's public answer. Never edited: a reopened report gets another one."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="given_answers")
    sequence = models.PositiveSmallIntegerField()
    text = models.TextField()
    fold = models.TextField(db_collation="C")  # to recognise an answer sent before
    kind = models.CharField(max_length=20, choices=AnswerKind)
    done_on = models.DateField(null=True)
    planned_on = models.DateField(null=True)
    done_by = models.CharField(max_length=120)  # unit or body, as the resident knows it
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    contact = models.CharField(max_length=200, blank=True)  # where to follow, if not ours
    photo_waiver_reason = models.TextField(blank=True)
    documents = models.JSONField(default=list)
    gate_result = models.JSONField(default=list)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "sequence"], name="answer_in_sequence"),
        ]
        indexes = [models.Index(fields=["commune", "-answered_at"], name="answer_by_day")]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.sequence}"


class AnswerTemplate(models.Model):
    """A text to start an answer from; never good enough as an answer by itself."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    category = models.ForeignKey(Category, models.PROTECT, null=True)
    name = models.CharField(max_length=80)
    text = models.TextField()
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Follower(models.Model):
    """Someone who waits for the same answer: saw it too, or only wants to know."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="followers")
    reporter = models.ForeignKey(Reporter, models.PROTECT, null=True)
    device_hash = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=10, choices=FollowKind, default=FollowKind.ME_TOO)
    from_code = models.CharField(max_length=9, blank=True)  # own code of a merged report
    code = models.CharField(max_length=9, blank=True)  # own code of whoever sent no report
    # The report they first followed: where they go back to when it is separated again.
    first_report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    # The code sent to the phone they typed: a keyed digest, until when it holds, how often sent.
    check_hash = models.CharField(max_length=64, blank=True)
    check_until = models.DateTimeField(null=True)
    check_sent = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # no longer follows; the code still opens the page

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "from_code"],
                name="follower_once_per_merged_report",
                condition=~models.Q(from_code=""),
            ),
            models.UniqueConstraint(
                fields=["report", "device_hash"],
                name="follower_once_per_device",
                condition=~models.Q(device_hash="")
                & models.Q(from_code="")
                & models.Q(ended_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["commune", "code"],
                name="follower_code_in_commune",
                condition=~models.Q(code=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.report_id}"

    @property
    def own_code(self) -> str:
        """Return the code this person follows by: of their merged report, or given to them."""
        return self.from_code or self.code


class Feedback(models.Model):
    """What the sender or a follower thinks of an answer: 2 content, 1 acceptable, 0 not."""

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.ForeignKey(Report, models.PROTECT, related_name="feedback")
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="feedback")
    person = models.CharField(max_length=64)  # "sender", or the follower's key
    score = models.PositiveSmallIntegerField()
    reason_code = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    photo = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    # Said instead of written; never published. `transcript` is what an official wrote down of it.
    voice = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    voice_seconds = models.PositiveSmallIntegerField(default=0)  # as the phone says
    transcript = models.TextField(blank=True)
    transcribed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    transcribed_at = models.DateTimeField(null=True)
    wants_reopening = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "person"], name="feedback_once_per_person"),
            models.CheckConstraint(
                condition=models.Q(score__in=[0, 1, 2]), name="feedback_score_is_a_face"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.score}"
