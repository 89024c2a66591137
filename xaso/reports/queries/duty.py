"""Who is on duty, for other rooms and pages; the reading itself lies below the actions."""

from xaso.reports.rota import OnDuty, Source, on_duty, roster

__all__ = ["OnDuty", "Source", "on_duty", "roster"]
