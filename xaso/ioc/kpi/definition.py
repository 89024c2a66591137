"""What a set of indicators asks: groups, metrics, factors and caps, dated and with their source.

Source: QĐ 766/QĐ-TTg of 23/06/2022; codes and maxima from captures of the national portal,
formulas from the ministry's note (`law_ref`, `sureness` and `note` say how sure each set is).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from xaso.kernel.refusals import Invalid

ON_ZERO = ("full", "zero", "not_counted")


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: min(factor × part/whole, maximum) points, the share cut at 1.

    `on_zero` says what an empty denominator gives: full points, none, or "not counted".
    Names are msgids, translated where they are shown.
    """

    code: str
    group: str
    name: str
    maximum: Fraction
    factor: Fraction
    on_zero: str = "zero"
    part: str = ""  # the numerator in words
    whole: str = ""  # the denominator in words
    unsure: str = ""  # what could not be proven, said beside the figure


@dataclass(frozen=True, slots=True)
class Group:
    """A group of metrics and its highest score."""

    code: str
    name: str
    maximum: Fraction


@dataclass(frozen=True, slots=True)
class Definition:
    """A version of the set, in force from `valid_from` until a newer one begins."""

    code: str
    version: int
    valid_from: date
    law_ref: str
    sureness: str
    note: str
    groups: Sequence[Group]
    metrics: Sequence[Metric]

    @property
    def maximum(self) -> Fraction:
        """Return the highest total."""
        return sum((group.maximum for group in self.groups), Fraction(0))

    def of_group(self, code: str) -> Sequence[Metric]:
        """Return the metrics of one group, in the order of the set."""
        return [metric for metric in self.metrics if metric.group == code]


def as_json(groups: Sequence[Group], metrics: Sequence[Metric]) -> dict[str, Any]:
    """Return groups and metrics as JSON; fractions as text ("5/2")."""
    return {
        "groups": [{"code": g.code, "name": g.name, "maximum": str(g.maximum)} for g in groups],
        "metrics": [
            {
                "code": m.code,
                "group": m.group,
                "name": m.name,
                "maximum": str(m.maximum),
                "factor": str(m.factor),
                "on_zero": m.on_zero,
                "part": m.part,
                "whole": m.whole,
                "unsure": m.unsure,
            }
            for m in metrics
        ],
    }


def read_body(body: Mapping[str, Any]) -> tuple[Sequence[Group], Sequence[Metric]]:
    """Return groups and metrics of a JSON body. Refuses with Invalid in words, never half-read.

    Checked: codes once each, every metric in a group, each group's metrics can reach its maximum
    together, factors above 0.
    """
    try:
        groups = [Group(str(g["code"]), str(g["name"]), _number(g)) for g in body["groups"]]
        metrics = [_metric(m) for m in body["metrics"]]
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise _wrong(_("Tệp thiếu một mục hoặc có số không đọc được: %s.") % error) from error
    _check(groups, metrics)
    return groups, metrics


def _metric(row: Mapping[str, Any]) -> Metric:
    words = {key: str(row.get(key, "")) for key in ("part", "whole", "unsure")}
    factor = Fraction(str(row["factor"]))
    on_zero = str(row.get("on_zero", "zero"))
    if on_zero not in ON_ZERO or factor <= 0:
        raise ValueError(row["code"])
    name, group = str(row["name"]), str(row["group"])
    return Metric(str(row["code"]), group, name, _number(row), factor, on_zero, **words)


def _number(row: Mapping[str, Any]) -> Fraction:
    found = Fraction(str(row["maximum"]))
    if not 0 < found <= 1000:
        raise ValueError(row["code"])
    return found


def _check(groups: Sequence[Group], metrics: Sequence[Metric]) -> None:
    codes = [group.code for group in groups] + [metric.code for metric in metrics]
    if len(set(codes)) != len(codes) or not groups:
        raise _wrong(_("Mỗi mã chỉ được dùng một lần."))
    for group in groups:
        reached = sum((m.maximum for m in metrics if m.group == group.code), Fraction(0))
        if reached != group.maximum:
            said = {"name": group.name, "max": group.maximum, "sum": reached}
            raise _wrong(
                _("Nhóm “%(name)s” tối đa %(max)s điểm nhưng các chỉ số cộng lại %(sum)s.") % said
            )
    strangers = {m.group for m in metrics} - {g.code for g in groups}
    if strangers:
        raise _wrong(_("Có chỉ số thuộc nhóm không có trong tệp: %s.") % ", ".join(strangers))


def _wrong(sentence: str) -> Invalid:
    return Invalid(errors={"body": [sentence]})
