"""Lines of lists, drawn once per state of a report and kept for the next time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from xaso.kernel.web import deadlines
from xaso.reports import queries

_MOST_KEPT = 5_000
_kept: dict[tuple[object, ...], "Drawn"] = {}


@dataclass(frozen=True)
class Drawn:
    """One line, and the icons the page must hold for it."""

    html: SafeString
    icons: tuple[str, ...]


def jobs(found: Iterable[queries.Job], now: datetime) -> list[Drawn]:
    """Return the lines of the officials' inbox."""
    root, language = reverse("reports_desk:inbox"), get_language()
    return [_job(job, now, root, language) for job in found]


def _job(job: queries.Job, now: datetime, root: str, language: str | None) -> Drawn:
    chip = deadlines.chip(job.due_at, now, paused=job.paused_at, done=job.done_at)
    url = f"{root}{job.code}/"
    said = str(chip.text) if chip else ""
    key = ("job", url, job.version, said, job.is_late, job.kind, language)
    drawn = _kept.get(key)
    if drawn is None:
        values = {"url": url, "kind_icon": job.icon, "chip": chip}
        values |= {name: getattr(job, name) for name in ("title", "about", "kind", "is_late")}
        html = SafeString(get_template("web/parts/_job.html").render(values))
        icons = (job.icon, "chevron-right", *((chip.icon,) if chip else ()))
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        drawn = _kept[key] = Drawn(html, icons)
    return drawn
