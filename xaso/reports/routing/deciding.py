"""Reads the rows from the top; the first that fits wins. Plain values in, plain values out."""

from collections.abc import Callable, Sequence
from typing import Any

from shapely.geometry import Point

from xaso.reports.routing.rules import (
    Around,
    By,
    Condition,
    Decision,
    Duty,
    Matter,
    Result,
    Rule,
    Skip,
    Step,
)

# A test says whether the row is content, what it wanted, and what the report has.
Said = tuple[bool, Sequence[Any], Any]
_MOST_SHOWN = 8


def decide(rules: Sequence[Rule], matter: Matter, around: Around) -> Decision:
    """Return where a report goes.

    A row that fits but has nobody to take the report is passed over, and says so. A row that
    cannot be read stops there: who is on duty looks at the report, and the fault is shown.
    """
    steps: list[Step] = []
    for rule in rules:
        try:
            step = _read(rule, matter, around)
        except Exception as error:  # noqa: BLE001  (whatever a broken row raises)
            steps.append(_step(rule, Result.ERROR, type(error).__name__))
            return _on_duty(steps, matter, around, error=f"{type(error).__name__}: {error}"[:200])
        steps.append(step)
        if step.result is Result.MATCHED:
            return Decision(By.RULE, steps, rule.unit_id, rule.person_id, rule)
    return _on_duty(steps, matter, around)


def conditions(rule: Rule) -> list[Condition]:
    """Return what a row asks for; nothing means that it fits every report."""
    return [condition for condition, (asks, _test) in _TESTS.items() if asks(rule)]


def _read(rule: Rule, matter: Matter, around: Around) -> Step:
    if not rule.is_enabled:
        return _step(rule, Result.OFF)
    held = []
    for condition, (asks, test) in _TESTS.items():
        if not asks(rule):
            continue
        fits, wanted, value = test(rule, matter)
        if not fits:
            result = Result.OFF if condition is Condition.VALID else Result.FAILED
            return _step(rule, result, condition, list(wanted)[:_MOST_SHOWN], value)
        held.append([str(condition), value])
    if reason := why_nobody(rule, around, matter):
        return _step(rule, Result.SKIPPED, reason, to=_target(rule, around))
    return _step(rule, Result.MATCHED, wanted=held, to=_target(rule, around))


def why_nobody(rule: Rule, around: Around, matter: Matter | None = None) -> Skip | None:
    """Return why a row has nobody to take a report, or None when it has."""
    if matter is not None and rule.unit_id in matter.about_units:
        return Skip.ABOUT
    if rule.unit_id not in around.units:
        return Skip.CLOSED
    if rule.person_id is not None and rule.person_id not in around.people:
        return Skip.LEFT
    return None if rule.unit_id in around.staffed else Skip.EMPTY


def covers_time(rule: Rule, minute: int) -> bool:
    """Return whether a minute of the day lies in the row's hours; 22:00 to 5:00 passes midnight."""
    start = _minute(rule.time_from) if rule.time_from else 0
    end = _minute(rule.time_to) if rule.time_to else 24 * 60
    if start < end:
        return start <= minute < end
    return minute >= start or minute < end


def _on_duty(steps: Sequence[Step], matter: Matter, around: Around, *, error: str = "") -> Decision:
    """Return the fixed last row; whoever works in a unit complained about is passed over."""
    found: Duty | None = next(
        (d for d in around.duty if d.unit_id is None or d.unit_id not in matter.about_units), None
    )
    by = By.NOBODY if found is None else By.ERROR if error else By.DUTY
    unit = found.unit_id if found and found.unit_id in around.units else None
    person = found.person_id if found else None
    return Decision(by, steps, unit, person, duty=found, error=error)


def _step(  # noqa: PLR0913, PLR0917  (what a step says)
    rule: Rule,
    result: Result,
    on: str = "",
    wanted: Sequence[Any] = (),
    value: Any = "",  # noqa: ANN401
    to: str = "",
) -> Step:
    return Step(rule.id, rule.number, rule.name, result, str(on), wanted, value, to)


def _target(rule: Rule, around: Around) -> str:
    unit = around.units.get(rule.unit_id, rule.unit_name)
    return ", ".join(filter(None, (unit, rule.person_name)))


def _valid(rule: Rule, matter: Matter) -> Said:
    day = matter.at.date()
    starts = rule.valid_from is None or rule.valid_from <= day
    ends = rule.valid_to is None or day <= rule.valid_to
    span = [d.isoformat() if d else "" for d in (rule.valid_from, rule.valid_to)]
    return starts and ends, span, day.isoformat()


def _category(rule: Rule, matter: Matter) -> Said:
    fits = bool({matter.category, matter.group} & rule.categories)
    return fits, sorted(rule.categories), matter.category


def _village(rule: Rule, matter: Matter) -> Said:
    return matter.village_id in rule.villages, rule.village_names, matter.village_name


def _area(rule: Rule, matter: Matter) -> Said:
    area = rule.shape
    if matter.lat is None or matter.lon is None:
        return False, (), None
    return bool(area.covers(Point(matter.lon, matter.lat))), (), "point"


def _weekday(rule: Rule, matter: Matter) -> Said:
    day = matter.at.isoweekday()
    return day in rule.weekdays, sorted(rule.weekdays), day


def _time(rule: Rule, matter: Matter) -> Said:
    minute = matter.at.hour * 60 + matter.at.minute
    span = [t.strftime("%H:%M") if t else "" for t in (rule.time_from, rule.time_to)]
    return covers_time(rule, minute), span, matter.at.strftime("%H:%M")


def _answers(rule: Rule, matter: Matter) -> Said:
    for code, wanted in rule.answers.items():
        given = str(matter.answers.get(code, ""))
        if given != wanted:
            return False, [code, wanted], given
    return True, (), ", ".join(rule.answers.values())


def _one_of(attribute: str, value: str) -> Callable[[Rule, Matter], Said]:
    def test(rule: Rule, matter: Matter) -> Said:
        wanted: frozenset[str] = getattr(rule, attribute)
        has: str = getattr(matter, value)
        return has in wanted, sorted(wanted), has

    return test


def _minute(at: Any) -> int:  # noqa: ANN401  (a time of day)
    return int(at.hour) * 60 + int(at.minute)


_TESTS: dict[Condition, tuple[Callable[[Rule], object], Callable[[Rule, Matter], Said]]] = {
    Condition.VALID: (lambda r: r.valid_from or r.valid_to, _valid),
    Condition.CATEGORY: (lambda r: r.categories, _category),
    Condition.VILLAGE: (lambda r: r.villages, _village),
    Condition.AREA: (lambda r: r.area is not None, _area),
    Condition.STREAM: (lambda r: r.streams, _one_of("streams", "stream")),
    Condition.SEVERITY: (lambda r: r.severities, _one_of("severities", "severity")),
    Condition.CHANNEL: (lambda r: r.channels, _one_of("channels", "channel")),
    Condition.WEEKDAY: (lambda r: r.weekdays, _weekday),
    Condition.TIME: (lambda r: r.time_from or r.time_to, _time),
    Condition.ANSWERS: (lambda r: r.answers, _answers),
}
