"""Tables of the room, by subject."""

from xaso.reports.models.additions import Addition
from xaso.reports.models.alarms import Alarm, AlarmCall
from xaso.reports.models.answers import Answer, AnswerTemplate, Feedback, Follower
from xaso.reports.models.catalogue import Body, Catalogue, Category, CategoryTerm
from xaso.reports.models.clocks import Approval, DeadlineWarning
from xaso.reports.models.duty import DutyShift
from xaso.reports.models.erasing import Tombstone
from xaso.reports.models.helping import Help, HelperPhone, PaperSheet
from xaso.reports.models.history import ClockEntry, Forward, ForwardFile, ReportEvent
from xaso.reports.models.partners import PartnerMedia, PartnerReport, PartnerWord
from xaso.reports.models.photos import Photo
from xaso.reports.models.questions import CategoryQuestion
from xaso.reports.models.recordings import VoiceNote
from xaso.reports.models.report import Report, Reporter, SealedContent
from xaso.reports.models.rights import DataRequest, ErasureRun, Hold
from xaso.reports.models.routing import RoutingRule, RoutingTrace, RuleBook
from xaso.reports.models.rules import Rule, Sureness
from xaso.reports.models.saved import SavedFilter
from xaso.reports.models.sealed import Appointment, Handover, KeptFrom, ReceptionSlot, SealedPhoto
from xaso.reports.models.suggestions import DuplicateSuggestion
from xaso.reports.models.tasks import ReportTask
from xaso.reports.models.words import (
    FINAL,
    OPEN,
    FollowKind,
    Outcome,
    PointSource,
    Severity,
    State,
    Stream,
    TaskKind,
    Visibility,
    Wording,
)

__all__ = [
    "FINAL",
    "OPEN",
    "Addition",
    "Alarm",
    "AlarmCall",
    "Answer",
    "AnswerTemplate",
    "Appointment",
    "Approval",
    "Body",
    "Catalogue",
    "Category",
    "CategoryQuestion",
    "CategoryTerm",
    "ClockEntry",
    "DataRequest",
    "DeadlineWarning",
    "DuplicateSuggestion",
    "DutyShift",
    "ErasureRun",
    "Feedback",
    "FollowKind",
    "Follower",
    "Forward",
    "ForwardFile",
    "Handover",
    "Help",
    "HelperPhone",
    "Hold",
    "KeptFrom",
    "Outcome",
    "PaperSheet",
    "PartnerMedia",
    "PartnerReport",
    "PartnerWord",
    "Photo",
    "PointSource",
    "ReceptionSlot",
    "Report",
    "ReportEvent",
    "ReportTask",
    "Reporter",
    "RoutingRule",
    "RoutingTrace",
    "Rule",
    "RuleBook",
    "SavedFilter",
    "SealedContent",
    "SealedPhoto",
    "Severity",
    "State",
    "Stream",
    "Sureness",
    "TaskKind",
    "Tombstone",
    "Visibility",
    "VoiceNote",
    "Wording",
]
