"""A report of a resident, and who sent it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from xaso.kernel.identity.models import Unit
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.sealing.fields import SealedTextField
from xaso.kernel.text import spoken_code
from xaso.reports.models.catalogue import Category, CategoryTerm
from xaso.reports.models.words import (
    OPEN,
    Channel,
    Outcome,
    PointSource,
    Severity,
    State,
    Stream,
    VillageSource,
    Visibility,
    Wording,
)

_ANSWERED_OR_CLOSED = Q(state__in=[State.ANSWERED, State.CLOSED])
_OPEN = [str(state.value) for state in OPEN]


class Reporter(models.Model):
    """Who sent a report, if they said so: sealed, apart, and with an own permission to read.

    Two reports share a row only after the phone was verified: otherwise anybody could read
    another person's reports by typing that person's number.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    name = SealedTextField(context="reports_reporter.name", default="")
    phone = SealedTextField(context="reports_reporter.phone", default="")
    phone_index = models.CharField(max_length=64, blank=True)
    phone_tail_index = models.CharField(max_length=64, blank=True)  # last four digits
    email = SealedTextField(context="reports_reporter.email", default="")
    zalo_user = SealedTextField(context="reports_reporter.zalo_user", default="")
    preferred = models.CharField(max_length=10, default="none")  # sms, zalo, push, call, none
    # The browser to push to. The report's own device goes after some days, this with the contact.
    browser = SealedTextField(context="reports_reporter.browser", default="")
    is_anonymous = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["commune", "phone_tail_index"],
                name="reporter_phone_tail",
                condition=~Q(phone_tail_index=""),
            ),
            models.Index(
                fields=["commune", "phone_index"],
                name="reporter_verified_phone",
                condition=Q(verified_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"reporter {self.pk}"


class Report(models.Model):
    """The present state of one report; its history is in `ReportEvent`.

    `version` counts the events: it is the optimistic lock of forms and APIs. `first_due_at` never
    moves; `due_at` keeps its last value while the clock pauses in `waiting_info`.
    """

    # identity and content
    commune = models.ForeignKey(Commune, models.PROTECT)
    uuid = models.UUIDField()  # made by the sender's device
    code = models.CharField(max_length=9, unique=True)  # per installation, from the code table
    content_hash = models.CharField(max_length=64)
    stream = models.CharField(max_length=20, choices=Stream, default=Stream.FIELD)
    channel = models.CharField(max_length=20, choices=Channel)
    category = models.ForeignKey(Category, models.PROTECT)
    term = models.ForeignKey(CategoryTerm, models.PROTECT, related_name="+")
    lang = models.CharField(max_length=8, default="vie")  # ISO 639-3
    text = models.TextField(null=True)  # noqa: DJ001  (null = sealed or deleted, not empty)
    public_text = models.TextField(blank=True)  # what the moderator lets everybody read
    wording = models.CharField(max_length=10, choices=Wording, default=Wording.PENDING)
    worded_by = models.CharField(max_length=64, blank=True)
    worded_at = models.DateTimeField(null=True)
    masks = models.JSONField(default=list)  # [start, end] in `text`: what was blanked
    # Since when words or photos wait for a person to look before anybody sees them; null: nothing.
    look_since = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)  # to the category's questions
    # where it stands
    state = models.CharField(max_length=20, choices=State, default=State.NEW)
    state_since = models.DateTimeField()
    touched_at = models.DateTimeField()  # last event
    version = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(
        max_length=64, blank=True
    )  # of the last event, so that the next can chain
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    reason_code = models.CharField(max_length=30, blank=True)
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.NORMAL)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.PENDING)
    is_held = models.BooleanField(default=False)  # sent too fast: a human looks first
    is_stream_chosen = models.BooleanField(default=False)  # by a person, not by the category
    is_drill = models.BooleanField(default=False)  # an exercise: in no statistics
    is_apart = models.BooleanField(default=False)  # about officials, who must not read it: KeptFrom
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answer = models.ForeignKey("reports.Answer", models.PROTECT, null=True, related_name="+")
    reopen_count = models.PositiveSmallIntegerField(default=0)
    question_count = models.PositiveSmallIntegerField(default=0)
    extension_count = models.PositiveSmallIntegerField(default=0)
    follower_count = models.PositiveIntegerField(default=0)
    photo_count = models.PositiveSmallIntegerField(default=0)
    voice_count = models.PositiveSmallIntegerField(default=0)
    cover = models.CharField(max_length=64, blank=True)  # first published photo, for lists
    # when
    received_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)
    ack_due_at = models.DateTimeField(null=True)
    acked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    legal_due_at = models.DateTimeField()
    clock_start_at = models.DateTimeField()
    calendar_id = models.BigIntegerField(null=True)
    calendar_version = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    objection_until = models.DateTimeField(null=True)  # end of the window to object or reopen
    # where
    village = models.ForeignKey(Village, models.PROTECT, null=True)
    landmark = models.CharField(max_length=200, blank=True)
    km_post = models.CharField(max_length=60, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    accuracy_m = models.PositiveIntegerField(null=True)
    point_source = models.CharField(max_length=10, choices=PointSource, default=PointSource.NONE)
    village_source = models.CharField(max_length=10, choices=VillageSource, blank=True)
    outside_m = models.PositiveIntegerField(null=True)  # how far the point lies outside the commune
    neighbour = models.CharField(max_length=120, blank=True)  # whose it then may be
    public_lat = models.FloatField(null=True)
    public_lon = models.FloatField(null=True)
    public_precision_m = models.PositiveIntegerField(null=True)
    # who
    reporter = models.ForeignKey(Reporter, models.PROTECT, null=True)
    helper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    is_on_behalf = models.BooleanField(default=False)
    consent_id = models.BigIntegerField(null=True)  # identity.Consent
    device_hash = models.CharField(max_length=64, blank=True)
    ip_prefix_hash = models.CharField(max_length=64, blank=True)
    anonymised_at = models.DateTimeField(null=True)
    # search
    fold = models.TextField(blank=True, db_collation="C")  # for officials
    public_fold = models.TextField(blank=True, db_collation="C")  # published words only

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "uuid"], name="report_once"),
            models.CheckConstraint(
                condition=Q(state=State.DUPLICATE, parent__isnull=False)
                | (~Q(state=State.DUPLICATE) & Q(parent__isnull=True)),
                name="duplicate_has_parent",
            ),
            models.CheckConstraint(
                condition=~_ANSWERED_OR_CLOSED
                | Q(outcome=Outcome.WITHDRAWN)
                | Q(visibility=Visibility.SEALED)  # ends with the paper file, not with an answer
                | Q(answer__isnull=False),
                name="answered_report_has_answer",
            ),
            models.CheckConstraint(
                condition=~Q(visibility=Visibility.SEALED) | Q(text__isnull=True),
                name="sealed_report_has_no_text",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="report_state_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["commune", "unit", "due_at"],
                name="report_open_of_unit",
                condition=Q(state__in=_OPEN),
            ),
            models.Index(
                fields=["commune", "due_at", "id"],
                name="report_open_by_due",
                condition=Q(state__in=_OPEN),
            ),
            models.Index(
                fields=["commune", "-received_at", "-id"],
                name="report_public_by_day",
                condition=Q(visibility=Visibility.PUBLIC),
            ),
            models.Index(
                fields=["commune", "state", "-received_at", "-id"], name="report_by_state"
            ),
            models.Index(fields=["commune", "-received_at", "-id"], name="report_by_day"),
            models.Index(fields=["commune", "-answered_at"], name="report_by_answer"),
            models.Index(
                fields=["commune", "look_since", "id"],
                name="report_to_look_at",
                condition=Q(look_since__isnull=False),
            ),
            # Where duplicates are looked for: by the exact place, and by the one everybody may see.
            models.Index(
                fields=["commune", "lat", "lon"],
                name="report_open_by_place",
                condition=Q(state__in=_OPEN),
            ),
            models.Index(
                fields=["commune", "public_lat", "public_lon"],
                name="report_open_by_public_place",
                condition=Q(state__in=_OPEN, visibility=Visibility.PUBLIC),
            ),
            models.Index(
                fields=["commune", "village", "-received_at"],
                name="report_open_by_village",
                condition=Q(state__in=_OPEN),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def spoken(self) -> str:
        """Return the code in threes: `482 915 709`."""
        return spoken_code.grouped(self.code)

    @property
    def is_open(self) -> bool:
        """Return whether the commune still owes an answer."""
        return self.state in OPEN

    @property
    def is_paused(self) -> bool:
        """Return whether the clock stands still, because the commune waits for the sender."""
        return self.state == State.WAITING_INFO

    @property
    def is_sealed(self) -> bool:
        """Return whether only few may read it."""
        return self.visibility == Visibility.SEALED

    def is_overdue(self, now: datetime) -> bool:
        """Return whether the promised moment has passed without an answer."""
        return self.is_open and not self.is_paused and self.due_at < now

    def where(self) -> str:
        """Return the place in words, for officials: landmark, road mark and village."""
        parts = [self.landmark, self.km_post, self.village.full_name if self.village else ""]
        return ", ".join(filter(None, parts)) or _("Chưa rõ chỗ")


class SealedContent(models.Model):
    """What a sealed report says; read under an own permission, and each reading is logged.

    `papers` is JSON: contact, place, answers to questions, and the words of history, clock,
    answers, forwards and ratings that stood before it was sealed.
    """

    commune = models.ForeignKey(Commune, models.PROTECT)
    report = models.OneToOneField(Report, models.PROTECT, related_name="sealed")
    text = SealedTextField(context="reports_sealedcontent.text")
    papers = SealedTextField(context="reports_sealedcontent.papers", default="")
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"sealed {self.report_id}"
