"""What others may ask about reports."""

from xaso.reports.queries.board import (
    Filter,
    Line,
    Page,
    Point,
    points,
    public_list,
    recent_answers,
)
from xaso.reports.queries.communes import Headline, headlines
from xaso.reports.queries.duty import OnDuty, on_duty
from xaso.reports.queries.figures import (
    WINDOW,
    Share,
    WallFigures,
    count_unanswered,
    desk_counts,
    head,
    on_time,
    wall_figures,
)
from xaso.reports.queries.finding import (
    Erased,
    by_code,
    by_uuid,
    check_code,
    folded_words,
    with_route,
)
from xaso.reports.queries.inbox import Inbox, InboxFilter, Job, inbox
from xaso.reports.queries.pressing import moved_by
from xaso.reports.queries.sealed import sealed_by_month
from xaso.reports.queries.showing import PublicView, public_view

__all__ = [
    "WINDOW",
    "Erased",
    "Filter",
    "Headline",
    "Inbox",
    "InboxFilter",
    "Job",
    "Line",
    "OnDuty",
    "Page",
    "Point",
    "PublicView",
    "Share",
    "WallFigures",
    "by_code",
    "by_uuid",
    "check_code",
    "count_unanswered",
    "desk_counts",
    "folded_words",
    "head",
    "headlines",
    "inbox",
    "moved_by",
    "on_duty",
    "on_time",
    "points",
    "public_list",
    "public_view",
    "recent_answers",
    "sealed_by_month",
    "wall_figures",
    "with_route",
]
