"""Every change of the operations centre: screens on walls, scores, baselines."""

from xaso.ioc.actions.baselines import NewBaseline, set_baseline, take_back_baseline
from xaso.ioc.actions.scores import (
    AlreadyClosed,
    NewSet,
    NotOverYet,
    close_month,
    correct_month,
    keep_day,
    publish_set,
    take_portal_scores,
)
from xaso.ioc.actions.screens import (
    LONGEST_DAYS,
    QUIET,
    AlreadyTakenDown,
    Built,
    Hung,
    digest,
    hang_screen,
    keep_snapshot,
    seen,
    take_down,
)

__all__ = [
    "LONGEST_DAYS",
    "QUIET",
    "AlreadyClosed",
    "AlreadyTakenDown",
    "Built",
    "Hung",
    "NewBaseline",
    "NewSet",
    "NotOverYet",
    "close_month",
    "correct_month",
    "digest",
    "hang_screen",
    "keep_day",
    "keep_snapshot",
    "publish_set",
    "seen",
    "set_baseline",
    "take_back_baseline",
    "take_down",
    "take_portal_scores",
]
