"""Who may fetch a result for its holder: dated rules about the paper of authority.

A rule of a procedure comes before one of its field, and that before the one for all others. What
the program brings along was not compared with the texts and says so; a commune writes its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from xaso.dossiers.models import (
    AuthorityRule,
    Certifying,
    Dossier,
    Procedure,
    Relation,
    Sureness,
)
from xaso.kernel.text import dates
from xaso.kernel.working_time import clock

_NEAREST = (
    Relation.SPOUSE, Relation.PARENT, Relation.CHILD, Relation.SIBLING, Relation.GRANDPARENT,
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """What the paper must be for one procedure, one field, or (neither) all others."""

    procedure: str
    field: str
    certifying: str
    near: tuple[str, ...]
    sureness: str
    source: str
    since: date | None = None

    def needs_certifying(self, relation: str) -> bool:
        """Return whether the paper for such a person must be certified."""
        if self.certifying == Certifying.UNLESS_NEAR:
            return relation not in self.near
        return self.certifying == Certifying.ALWAYS


SHIPPED = (
    Rule("", "", Certifying.NEVER, (), Sureness.UNVERIFIED,
         "Bộ luật Dân sự 91/2015/QH13, Điều 138, 140, 562"),
    Rule("", "ho-tich", Certifying.UNLESS_NEAR, _NEAREST, Sureness.UNVERIFIED,
         "Thông tư 04/2020/TT-BTP, Điều 2"),
)  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """The paper as somebody at the counter reads it, and who brought it."""

    relation: str
    is_certified: bool
    authorised_on: date
    valid_until: date | None = None


def today() -> date:
    """Return today in Vietnam."""
    return dates.local(clock.now()).date()


def rules(commune: UUID, day: date) -> Mapping[tuple[str, str], Rule]:
    """Return the rules of a day by procedure and field; one statement."""
    rows = AuthorityRule.objects.filter(commune=commune, valid_from__lte=day)
    found = {(each.procedure, each.field): each for each in SHIPPED}
    for row in rows.order_by("valid_from"):
        found[row.procedure, row.field] = Rule(
            row.procedure, row.field, row.certifying, tuple(row.near), row.sureness, row.source,
            row.valid_from,
        )  # fmt: skip
    return found


def rule_for(procedure: Procedure, day: date) -> Rule:
    """Return the rule that holds for a procedure on a day."""
    found = rules(procedure.commune_id, day)
    wanted = ((procedure.code, ""), ("", procedure.field_code), ("", ""))
    return next(found[key] for key in wanted if key in found)


def problem(dossier: Dossier, paper: Paper, day: date) -> str:
    """Return why the paper does not let somebody fetch this result; nothing when it does."""
    if paper.authorised_on > day:
        return _("Giấy ủy quyền ghi ngày chưa tới. Bác xem lại ngày trên giấy.")
    if paper.valid_until is not None and paper.valid_until < day:
        return _("Giấy ủy quyền đã hết hạn. Mời bà con làm giấy mới, hoặc tự đến nhận.")
    rule = rule_for(dossier.procedure, day)
    if rule.needs_certifying(paper.relation) and not paper.is_certified:
        text = _(
            "Giấy ủy quyền này phải có chứng thực (%(source)s). Mời bà con chứng thực giấy, tự "
            "đến nhận, hoặc nhận qua bưu điện."
        )
        return text % {"source": rule.source}
    return ""


def said(rule: Rule) -> str:
    """Return what a rule asks, in one line."""
    text = str(Certifying(rule.certifying).label)
    if rule.certifying != Certifying.UNLESS_NEAR:
        return text
    return f"{text}: {', '.join(str(Relation(each).label) for each in rule.near)}"
