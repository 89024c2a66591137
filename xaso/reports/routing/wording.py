"""Rows and traces in words that an official reads without having seen a rule before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.kernel.refusals import Sentence
from xaso.kernel.text import dates
from xaso.reports.models.words import Channel, Severity, Stream
from xaso.reports.routing.deciding import conditions
from xaso.reports.routing.rules import By, Condition, Result, Rule, Skip

TICK = "✔"  # a check mark
_WHAT: dict[str, Sentence] = {
    Condition.VALID: gettext_lazy("thời hạn"),
    Condition.CATEGORY: gettext_lazy("loại"),
    Condition.VILLAGE: gettext_lazy("bản"),
    Condition.AREA: gettext_lazy("khu vực trên bản đồ"),
    Condition.STREAM: gettext_lazy("luồng"),
    Condition.SEVERITY: gettext_lazy("mức gấp"),
    Condition.CHANNEL: gettext_lazy("cách gửi"),
    Condition.WEEKDAY: gettext_lazy("thứ"),
    Condition.TIME: gettext_lazy("giờ gửi"),
    Condition.ANSWERS: gettext_lazy("câu trả lời"),
}
_SKIPPED: dict[str, Sentence] = {
    Skip.CLOSED: gettext_lazy("đơn vị đã đóng"),
    Skip.EMPTY: gettext_lazy("đơn vị không còn người"),
    Skip.LEFT: gettext_lazy("người nhận đã thôi việc"),
    Skip.ABOUT: gettext_lazy("phản ánh nói về chính đơn vị này"),
}
_DUTY: dict[str, Sentence] = {
    "roster": gettext_lazy("cán bộ trực hôm đó"),
    "head_of_office": gettext_lazy("Chánh Văn phòng, vì lịch trực để trống"),
    "leader": gettext_lazy("lãnh đạo xã, vì lịch trực để trống"),
}
_MOST_NAMED = 4


@dataclass(frozen=True)
class Names:
    """What codes and keys are called, in the reader's language."""

    categories: Mapping[str, str] = field(default_factory=dict)
    tells: Mapping[str, str] = field(default_factory=dict)  # "unit:3" → name


@dataclass(frozen=True)
class Told:
    """A trace in words: what decided, the rows before it, and what needs a look."""

    headline: str
    others: Sequence[str]
    flags: Sequence[str]
    error: str
    version: str
    target: str
    is_rule: bool


def told(trace: Mapping[str, Any], names: Names) -> Told:
    """Return a stored trace in words; `trace` holds the fields of `RoutingTrace`, and names."""
    steps: list[dict[str, Any]] = trace["steps"]
    error = _error(steps) if trace["decided_by"] == By.ERROR or trace["error"] else ""
    version = trace.get("book_version")
    target = ", ".join(filter(None, (trace.get("unit_name"), trace.get("person_name"))))
    return Told(
        headline=_headline(trace, steps, target, names),
        others=_others(steps, names),
        flags=[_flag(step) for step in steps if step["result"] == Result.SKIPPED],
        error=error,
        version=_("Danh sách luật bản %(n)s") % {"n": version} if version else "",
        target=target,
        is_rule=trace["decided_by"] == By.RULE,
    )


def asked(rule: Rule, names: Names) -> list[str]:
    """Return what a row asks for, one line per condition; one line when it asks for nothing."""
    found = []
    for condition in conditions(rule):
        said = _wanted(condition, _raw(rule, condition), names)
        found.append(_("%(what)s: %(said)s") % {"what": _cap(_WHAT[condition]), "said": said})
    return found or [_("Mọi phản ánh")]


def skipped(reason: str) -> str:
    """Return why a row is passed over."""
    return str(_SKIPPED.get(reason, reason))


def _headline(
    trace: Mapping[str, Any], steps: Sequence[dict[str, Any]], target: str, names: Names
) -> str:
    by = trace["decided_by"]
    if by == By.RULE and steps:
        last = steps[-1]
        held = [
            f"{_WHAT.get(c, c)} = {_value(c, v, names)} {TICK}" for c, v in last.get("wanted", ())
        ]
        why = ", ".join(held) or _("nhận mọi phản ánh")
        said = {"n": last["n"], "name": last["name"], "why": why, "to": last.get("to") or target}
        return _("Luật %(n)s “%(name)s”: %(why)s → %(to)s.") % said
    if by == By.NOBODY:
        return _("Không luật nào nhận, và không ai trực. Bác chọn đơn vị giúp.")
    duty = _DUTY.get(trace.get("facts", {}).get("duty", ""), gettext_lazy("cán bộ trực"))
    said = {"duty": duty, "to": target}
    if by == By.ERROR:
        return _("Có luật bị lỗi, phản ánh về %(duty)s → %(to)s.") % said
    return _("Không luật nào khớp, phản ánh về %(duty)s → %(to)s.") % said


def _others(steps: Sequence[dict[str, Any]], names: Names) -> list[str]:
    """Return why each row above did not take it."""
    found = []
    for step in steps:
        if step["result"] == Result.FAILED:
            said = {
                "n": step["n"],
                "name": step["name"],
                "what": _WHAT.get(step["on"], step["on"]),
                "wanted": _wanted(step["on"], step.get("wanted", ()), names),
                "value": _value(step["on"], step.get("value", ""), names) or _("chưa có"),
            }
            found.append(
                _("Luật %(n)s “%(name)s” cần %(what)s %(wanted)s; ở đây là %(value)s.") % said
            )
        elif step["result"] == Result.OFF:
            found.append(_off(step, names))
    return found


def _off(step: Mapping[str, Any], names: Names) -> str:
    said = {"n": step["n"], "name": step["name"]}
    if step.get("on") != Condition.VALID:
        return _("Luật %(n)s “%(name)s” đang tắt.") % said
    said["span"] = _wanted(Condition.VALID, step.get("wanted", ()), names)
    return _("Luật %(n)s “%(name)s” chỉ áp dụng %(span)s.") % said


def _flag(step: Mapping[str, Any]) -> str:
    said = {"n": step["n"], "name": step["name"], "why": skipped(step.get("on", ""))}
    return _("Luật %(n)s “%(name)s” bị bỏ qua: %(why)s.") % said


def _error(steps: Sequence[dict[str, Any]]) -> str:
    last = steps[-1] if steps else {"n": "?", "name": ""}
    said = {"n": last["n"], "name": last["name"]}
    return _("Luật %(n)s “%(name)s” bị lỗi khi đọc. Bác báo người quản trị sửa luật này.") % said


def _raw(rule: Rule, condition: Condition) -> Sequence[Any]:
    """Return what a row asks for, as steps store it."""
    found: dict[Condition, Sequence[Any]] = {
        Condition.VALID: [d.isoformat() if d else "" for d in (rule.valid_from, rule.valid_to)],
        Condition.CATEGORY: sorted(rule.categories),
        Condition.VILLAGE: rule.village_names,
        Condition.AREA: (),
        Condition.STREAM: sorted(rule.streams),
        Condition.SEVERITY: sorted(rule.severities),
        Condition.CHANNEL: sorted(rule.channels),
        Condition.WEEKDAY: sorted(rule.weekdays),
        Condition.TIME: [t.strftime("%H:%M") if t else "" for t in (rule.time_from, rule.time_to)],
        Condition.ANSWERS: [", ".join(f"{k}: {v}" for k, v in rule.answers.items())],
    }
    return found[condition]


def _wanted(condition: str, wanted: Sequence[Any], names: Names) -> str:
    """Return what a row wanted, in words."""
    if condition == Condition.VALID:
        return _span(wanted)
    if condition == Condition.TIME:
        start, end = (str(each) for each in wanted)
        return _("%(a)s đến %(b)s") % {"a": _hour(start or "00:00"), "b": _hour(end or "24:00")}
    if condition == Condition.AREA:
        return _("trong khu vực đã vẽ")
    if condition == Condition.ANSWERS:
        return " = ".join(str(each) for each in wanted)
    said = [_value(condition, each, names) for each in wanted[:_MOST_NAMED]]
    more = len(wanted) - len(said)
    return ", ".join(said) + (_(" và %(n)s nữa") % {"n": more} if more > 0 else "")


def _value(condition: str, value: Any, names: Names) -> str:  # noqa: ANN401  (as it is stored)
    """Return one value in words: a category's name, a village's, a day's."""
    if value in (None, ""):
        return ""
    look = _LOOK_UP.get(condition)
    return look(value, names) if look else str(value)


def _choice(words: type[Stream] | type[Severity] | type[Channel]) -> Callable[[Any, Names], str]:
    labels = dict(words.choices)

    def look(value: Any, _names: Names) -> str:  # noqa: ANN401
        return str(labels.get(value, value))

    return look


_LOOK_UP: dict[str, Callable[[Any, Names], str]] = {
    Condition.CATEGORY: lambda value, names: names.categories.get(value, str(value)),
    Condition.AREA: lambda _value, _names: _("trong khu vực"),
    Condition.STREAM: _choice(Stream),
    Condition.SEVERITY: _choice(Severity),
    Condition.CHANNEL: _choice(Channel),
    Condition.WEEKDAY: lambda value, _names: str(dates.WEEKDAYS[int(value) - 1]),
    Condition.TIME: lambda value, _names: _hour(str(value)),
    Condition.VALID: lambda value, _names: _day(str(value)),
}


def _span(wanted: Sequence[Any]) -> str:
    start, end = (str(each) for each in wanted)
    if start and end:
        return _("từ %(a)s đến hết %(b)s") % {"a": _day(start), "b": _day(end)}
    if start:
        return _("từ %(a)s") % {"a": _day(start)}
    return _("đến hết %(b)s") % {"b": _day(end)}


def _day(iso: str) -> str:
    return dates.ngay(date.fromisoformat(iso), year=True)


def _hour(text: str) -> str:
    return text.removeprefix("0")


def _cap(text: Sentence) -> str:
    said = str(text)
    return said[:1].upper() + said[1:]
