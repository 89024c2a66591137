"""The overview as the wall shows it: words, tones and paths for the parts. No query on reports."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xaso.ioc import overview
from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.text import dates, so
from xaso.kernel.web import drawing
from xaso.population import queries as population
from xaso.reports.queries.alarms import Ringing

AS_OF = SafeString("<time data-luc></time>")  # filled in late: the rest stays the same
PARTS = ("figures", "map", "rank", "side", "warnings", "alarm")
_ALARMS = 3  # banners beside the figures; the desk lists all
_MANY = 3  # open reports that make a village stand out
_ROWS = 7
_MAP_KEPT = 300  # seconds a process keeps the villages' drawing
_PEOPLE_KEPT = 3_600  # seconds a process keeps the number of people: they move slowly
_SMALLEST = 5  # fewer people might be recognised
_ICONS = {
    "receive": "inbox",
    "accept": "check",
    "forward": "send-horizontal",
    "answer": "check-check",
    "relay_answer": "check-check",
    "close": "circle-check",
    "reopen": "rotate-ccw",
    "reject": "x",
}
_TONES = ((90, "xanh"), (70, "cam"), (0, "do"))


@dataclass(frozen=True)
class Drawn:
    """The villages of a commune on a drawing."""

    box: str
    outline: str
    villages: Sequence[tuple[Village, str, int, int]]  # with path and centre


_kept: dict[UUID, tuple[float, Drawn | None]] = {}
_people: dict[UUID, tuple[float, str]] = {}


def parts(commune: Commune, seen: overview.Overview) -> dict[str, str]:
    """Return the HTML of every part of the board, in Vietnamese."""
    with translation.override("vi"):
        values = context(commune, seen)
        return {name: render_to_string(f"ioc/wall/{name}.html", values) for name in PARTS}


def context(commune: Commune, seen: overview.Overview) -> dict[str, Any]:
    """Return what the parts' templates need."""
    drawn = _drawing(commune)
    names = {v.pk: v.name for v, *_rest in drawn.villages} if drawn else {}
    return {
        "commune": commune.full_name,
        "villages": len(names),
        "as_of": AS_OF,
        "tiles": _tiles(seen),
        "map": _map(drawn, seen),
        "map_title": _map_title(seen, names),
        "open": seen.open,
        "places": sum(1 for spot in seen.spots if spot.village_id),
        "rank": [_rank(name, share) for name, share in seen.units[:_ROWS]],
        "received": _line(list(seen.received.values())),
        "events": _events(seen),
        "warnings": _warnings(seen, names),
        "alarms": [_alarm(each, seen.as_of) for each in seen.alarms[:_ALARMS]],
        "alarms_more": _more(len(seen.alarms) - _ALARMS),
        "rank_days": overview.RANK_DAYS,
        "days": overview.DAYS,
    }


def percent(share: overview.Share) -> str | None:
    """Return a share as a number for reading, or None when it is of too few cases."""
    return None if share.percent is None else so(share.percent, 0)


def _tiles(seen: overview.Overview) -> list[dict[str, Any]]:
    month = sum(seen.received.values())
    waiting = sum(spot.waiting for spot in seen.spots)
    oldest = min((s.oldest_due for s in seen.spots if s.oldest_due), default=None)
    answered = sum(seen.answered.values())
    return [
        {
            "key": "received",
            "name": _("Mới nhận hôm nay"),
            "value": so(seen.received[seen.today]),
            "of": _("%(n)s trong 30 ngày") % {"n": so(month)},
            "as_of": AS_OF,
        },
        {
            "key": "waiting",
            "name": _("Đang chờ trả lời"),
            "value": so(seen.open),
            "of": _("%(n)s việc chờ bà con") % {"n": so(waiting)},
            "as_of": AS_OF,
        },
        {
            "key": "overdue",
            "name": _("Quá hạn"),
            "value": so(seen.late),
            "tone": "do" if seen.late else "",
            "of": _("Lâu nhất hẹn %(day)s") % {"day": _day(oldest)} if oldest else _("Không có"),
            "as_of": AS_OF,
        },
        {
            "key": "answered",
            "name": _("Đã trả lời hôm nay"),
            "value": so(seen.answered[seen.today]),
            "of": _("%(n)s trong 30 ngày") % {"n": so(answered)},
            "as_of": AS_OF,
        },
        *_counter(seen.counter),
        _on_time(seen),
    ]


def _counter(seen: overview.OneStop | None) -> list[dict[str, Any]]:
    """Return the one-stop counter's two tiles; none for a commune without dossiers."""
    if seen is None:
        return []
    said = _("%(new)s nhận hôm nay, %(near)s gần hạn, %(late)s quá hạn") % {
        "new": so(seen.board.received),
        "near": so(seen.board.near_due),
        "late": so(seen.board.overdue),
    }  # fmt: skip
    value = percent(seen.on_time)
    share = _("%(part)s/%(whole)s, 30 ngày") % {
        "part": so(seen.on_time.part), "whole": so(seen.on_time.whole),
    }  # fmt: skip
    if seen.score is not None:
        share += ", " + _("điểm 766: %(score)s") % {"score": so(seen.score)}
    return [
        {
            "key": "dossiers",
            "name": _("Hồ sơ đang xử lý"),
            "value": so(seen.board.running),
            "of": said,
            "as_of": AS_OF,
        },
        {
            "key": "dossiers-on-time",
            "name": _("Hồ sơ đúng hạn"),
            "value": "–" if value is None else value,
            "unit": "" if value is None else "%",
            "of": share,
            "as_of": AS_OF,
        },
    ]


def people(commune: Commune) -> str:
    """Return how many live here, in words: kept for an hour; nothing where fewer than five do."""
    kept = _people.get(commune.id)
    if kept is None or time.monotonic() - kept[0] > _PEOPLE_KEPT:
        found = population.counts(commune)
        said = ""
        if min(found.heads.present, found.households) >= _SMALLEST:
            said = _("%(people)s người, %(homes)s hộ") % {
                "people": so(found.heads.present), "homes": so(found.households),
            }  # fmt: skip
        kept = _people[commune.id] = (time.monotonic(), said)
    return kept[1]


def _oldest(due: datetime) -> str:
    """Return the oldest broken promise as its date: a length of time would change every minute."""
    return _("Hẹn từ %(moment)s") % {"moment": dates.moment(due)}


def _on_time(seen: overview.Overview) -> dict[str, Any]:
    share = seen.on_time
    value = percent(share)
    return {
        "key": "on-time",
        "name": _("Giữ đúng hẹn"),
        "value": "–" if value is None else value,
        "unit": "" if value is None else "%",
        "of": _("%(part)s/%(whole)s, 30 ngày, tính cả việc quá hẹn")
        % {"part": so(share.part), "whole": so(share.whole)},
        "as_of": AS_OF,
        "trend": _trend(seen.answered_on_time, seen.answered_on_time_before),
    }


def _trend(now: overview.Share, before: overview.Share) -> dict[str, str] | None:
    if now.percent is None or before.percent is None:
        return None
    points = round(now.percent - before.percent)
    if not points:
        return {"dir": "flat", "text": "±0"}
    sign = "+" if points > 0 else "−"
    text = _("%(points)s điểm") % {"points": f"{sign}{abs(points)}"}
    return {"dir": "up" if points > 0 else "down", "text": text}


def _map(drawn: Drawn | None, seen: overview.Overview) -> dict[str, Any] | None:
    if drawn is None:
        return None
    spots = {spot.village_id: spot for spot in seen.spots if spot.village_id}
    areas = []
    for village, path, x, y in drawn.villages:
        spot = spots.get(village.pk)
        state = _state(spot)
        named = state in ("late", "many")
        count = spot.open if spot else 0
        areas.append(
            {"path": path, "x": x, "y": y, "name": village.name, "count": count}
            | {"state": state, "named": named}
        )
    areas.sort(key=lambda area: bool(area["count"]))  # pins lie above their neighbours' land
    return {"box": drawn.box, "outline": drawn.outline, "areas": areas}


def _state(spot: overview.Spot | None) -> str:
    if spot is None or not spot.open:
        return ""
    if spot.late:
        return "late"
    return "many" if spot.open >= _MANY else "some"


def _map_title(seen: overview.Overview, names: dict[int, str]) -> str:
    """Return the map in words, for those who cannot see it."""
    busiest = sorted((s for s in seen.spots if s.village_id in names), key=lambda s: -s.open)
    listed = ", ".join(
        f"{names[s.village_id]} ({s.open}{_(', quá hạn %(n)s') % {'n': s.late} if s.late else ''})"
        for s in busiest
        if s.village_id
    )
    return _("Bản đồ phản ánh đang mở: %(list)s.") % {"list": listed or _("không có")}


def _rank(name: str, share: overview.Share) -> dict[str, Any]:
    value = percent(share)
    count = _("%(n)s việc") % {"n": so(share.whole)}
    tone = next(tone for least, tone in _TONES if (share.percent or 0) >= least)
    return {
        "name": name,
        "value": "–" if value is None else f"{value} %",
        "of": f"{so(share.part)}/{so(share.whole)}" if value else count,
        "share": round(share.percent or 0),
        "tone": tone if value is not None else "cham",
    }


def _line(values: list[int]) -> dict[str, Any]:
    return {
        "total": so(sum(values)),
        "most": so(max(values, default=0)),
        "spark": drawing.spark(values),
    }


def _events(seen: overview.Overview) -> list[dict[str, Any]]:
    return [
        {
            "at": _when(event.at, seen.as_of),
            "what": event.title,
            "where": event.village,
            "icon": _ICONS[event.kind],
        }
        for event in seen.happened
    ]


def _day(at: datetime) -> str:
    day = dates.local(at).date()
    return f"{day.day}/{day.month}"


def _when(at: datetime, now: datetime) -> str:
    """Return the time today, the day before today."""
    is_today = dates.local(at).date() == dates.local(now).date()
    return dates.gio(at) if is_today else _day(at)


def _warnings(seen: overview.Overview, names: dict[int, str]) -> list[dict[str, str]]:
    found = []
    late = sorted((s for s in seen.spots if s.late), key=lambda s: (-s.late, s.village_id or 0))
    for spot in late[:1]:
        where = names.get(spot.village_id or 0, _("Chưa rõ bản"))
        count = ngettext("%(n)d việc quá hạn", "%(n)d việc quá hạn", spot.late) % {"n": spot.late}
        text = _oldest(spot.oldest_due) if spot.oldest_due else ""
        found.append(
            {"title": f"{where}: {count}", "text": text} | {"icon": "circle-alert", "tone": "do"}
        )
    today = sum(spot.due_today for spot in seen.spots)
    unseen = sum(spot.unseen for spot in seen.spots)
    if today:
        title = _("%(n)s việc đến hẹn trong hôm nay") % {"n": so(today)}
        found.append({"title": title, "text": _("Cần trả lời trước khi hết giờ"), "icon": "clock"})
    if unseen:
        title = _("%(n)s việc mới chưa ai nhận") % {"n": so(unseen)}
        found.append({"title": title, "text": _("Đang chờ bộ phận một cửa"), "icon": "inbox"})
    if seen.looks:
        title = _("%(n)s phản ánh có lời, ảnh chờ duyệt đăng") % {"n": so(seen.looks)}
        found.append({"title": title, "text": _("Xem ở mục Duyệt đăng"), "icon": "eye"})
    waiting = sum(spot.waiting for spot in seen.spots)
    if waiting:
        title = _("%(n)s việc chờ bà con trả lời thêm") % {"n": so(waiting)}
        text = _("Đồng hồ tạm dừng, cần gọi nhắc")
        found.append({"title": title, "text": text, "icon": "circle-pause"})
    if not late:
        title = _("Không có việc quá hạn")
        text = _("%(n)s việc đang mở, tất cả còn trong hẹn") % {"n": so(seen.open)}
        found.insert(0, {"title": title, "text": text, "icon": "circle-check", "tone": "xanh"})
    return found[:3]


def _alarm(each: Ringing, now: datetime) -> dict[str, Any]:
    title = f"{_('DIỄN TẬP')}: {each.kind}" if each.is_drill else each.kind
    where = each.village or _("Chưa rõ bản")
    when = _when(each.raised_at, now)
    said = _("Chưa ai nhận")
    if each.is_taken:
        said = _("%(who)s đã nhận") % {"who": each.taken_by or _("Cán bộ")}
    times = " · " + _("%(n)s lần báo") % {"n": so(each.n)} if each.n > 1 else ""
    text = f"{when} · {said}{times}"
    return {"title": f"{title} · {where}", "text": text, "rings": not each.is_taken}


def _more(left: int) -> str:
    return _("Còn %(n)s nơi khác đang báo nguy hiểm") % {"n": so(left)} if left > 0 else ""


def forget() -> None:
    """Forget the drawings this process keeps."""
    _kept.clear()
    _people.clear()


def _drawing(commune: Commune) -> Drawn | None:
    """Return the villages' drawing, kept by the process for a few minutes."""
    kept = _kept.get(commune.id)
    if kept is None or time.monotonic() - kept[0] > _MAP_KEPT:
        kept = _kept[commune.id] = (time.monotonic(), _draw(commune))
    return kept[1]


def _draw(commune: Commune) -> Drawn | None:
    villages = places.villages(commune)
    shapes = [village.polygon for village in villages if village.polygon]
    if not shapes:
        return None
    frame = drawing.frame([*shapes, commune.boundary])
    return Drawn(
        frame.box,
        frame.path(commune.boundary),
        [(v, frame.path(v.polygon), *frame.at(v.lon, v.lat)) for v in villages],
    )
