"""The tables of the room, by subject."""

from xaso.dossiers.models.assisted import FilingConsent, HelpScope
from xaso.dossiers.models.catalogue import (
    Absence,
    CentreSettings,
    FrozenVersion,
    PauseReading,
    Procedure,
    ProcedureVersion,
)
from xaso.dossiers.models.dossier import CodeCounter, Dossier, DossierCode
from xaso.dossiers.models.exchange import (
    Difference,
    DueWarning,
    OutMessage,
    Reconciliation,
    SyncState,
)
from xaso.dossiers.models.history import ClockLine, DossierEvent, HandOver
from xaso.dossiers.models.keeping import (
    DossierHold,
    DossierStone,
    ErasureLine,
    ErasureList,
    KeepingRule,
)
from xaso.dossiers.models.offline import OfflinePhoto, OfflineReception
from xaso.dossiers.models.parts import Component, DossierFee, Result, SubTask, Supplement
from xaso.dossiers.models.proactive import ProactiveRefusal, ProactiveRule
from xaso.dossiers.models.queue import (
    Booking,
    CounterDesk,
    QueueDevice,
    ServiceGroup,
    Ticket,
    TicketCounter,
)
from xaso.dossiers.models.rating import DossierRating
from xaso.dossiers.models.rounds import Round, RoundDossier, RoundMember, RoundVillage
from xaso.dossiers.models.words import (
    BEFORE,
    FINAL,
    NATIONAL,
    OPEN,
    UNDER_WAY,
    ApplicantKind,
    Channel,
    Delivery,
    Finance,
    Stage,
    State,
    StepKind,
    Sureness,
    Sync,
    System,
)

__all__ = [
    "BEFORE",
    "FINAL",
    "NATIONAL",
    "OPEN",
    "UNDER_WAY",
    "Absence",
    "ApplicantKind",
    "Booking",
    "CentreSettings",
    "Channel",
    "ClockLine",
    "CodeCounter",
    "Component",
    "CounterDesk",
    "Delivery",
    "Difference",
    "Dossier",
    "DossierCode",
    "DossierEvent",
    "DossierFee",
    "DossierHold",
    "DossierRating",
    "DossierStone",
    "DueWarning",
    "ErasureLine",
    "ErasureList",
    "FilingConsent",
    "Finance",
    "FrozenVersion",
    "HandOver",
    "HelpScope",
    "KeepingRule",
    "OfflinePhoto",
    "OfflineReception",
    "OutMessage",
    "PauseReading",
    "ProactiveRefusal",
    "ProactiveRule",
    "Procedure",
    "ProcedureVersion",
    "QueueDevice",
    "Reconciliation",
    "Result",
    "Round",
    "RoundDossier",
    "RoundMember",
    "RoundVillage",
    "ServiceGroup",
    "Stage",
    "State",
    "StepKind",
    "SubTask",
    "Supplement",
    "Sureness",
    "Sync",
    "SyncState",
    "System",
    "Ticket",
    "TicketCounter",
]
