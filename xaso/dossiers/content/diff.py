"""What changed between two versions, line by line, for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_NAMED = ("code",)  # lines of a list are known by their code


@dataclass(frozen=True)
class Change:
    """One place that differs; an empty side means that it was not there."""

    place: str
    before: str
    after: str


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return every difference between two versions as plain JSON, in order of places."""
    return list(_compare("", before, after))


def _compare(place: str, before: Any, after: Any) -> Iterator[Change]:  # noqa: ANN401  (JSON)
    if before == after:
        return
    if isinstance(before, list | None) and isinstance(after, list | None):
        yield from _lists(place, before or [], after or [])
    elif isinstance(before, Mapping | None) and isinstance(after, Mapping | None):
        old, new = before or {}, after or {}
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _compare(f"{place}.{key}" if place else key, old.get(key), new.get(key))
    else:
        yield Change(place, _said(before), _said(after))


def _lists(place: str, before: list[Any], after: list[Any]) -> Iterator[Change]:
    if not all(isinstance(each, Mapping) for each in [*before, *after]):
        yield Change(place, _said(before), _said(after))
        return
    old, new = _by_name(before), _by_name(after)
    for name in [*old, *(name for name in new if name not in old)]:
        yield from _compare(f"{place}[{name}]", old.get(name), new.get(name))
    if [n for n in old if n in new] != [n for n in new if n in old]:
        yield Change(f"{place} ↕", " → ".join(old), " → ".join(new))


def _by_name(rows: list[Any]) -> dict[str, Any]:
    return {str(row.get("code", number)): row for number, row in enumerate(rows, start=1)}


def _said(value: Any) -> str:  # noqa: ANN401  (JSON)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, list):
        return "; ".join(map(_said, value))
    return str(value)
