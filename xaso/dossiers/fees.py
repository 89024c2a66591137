"""What a dossier costs: each line by its basis, then the one exemption best for the person.

Exemptions are never added up: all that apply are worked out, the largest saving is taken, and the
others are kept with the reason why not. Money is whole đồng. Amounts are frozen at acceptance.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xaso.dossiers.content.shape import Content, Exemption, FeeRule
from xaso.dossiers.given import Fee
from xaso.kernel.refusals import Invalid

MOST = 10_000  # pages or copies of one line: more is a slip of the finger


@dataclass(frozen=True)
class Quantity:
    """How much of a line: pages of the paper, and copies of it. A case counts once."""

    pages: int = 1
    copies: int = 1


@dataclass(frozen=True)
class Weighed:
    """An exemption that was looked at: what it would save, and why it was not taken."""

    code: str
    group: str
    law: str
    saving: int
    why_not: str = ""


@dataclass(frozen=True)
class Bill:
    """The lines to keep with the dossier, and how they came about."""

    lines: Sequence[Fee]
    chosen: Weighed | None
    others: Sequence[Weighed] = field(default_factory=tuple)

    @property
    def full(self) -> int:
        """Return what it would cost without any exemption."""
        return sum(line.full_amount for line in self.lines)

    @property
    def total(self) -> int:
        """Return what is to pay."""
        return sum(line.amount for line in self.lines)


def bill(
    content: Content, quantities: Mapping[str, Quantity], groups: Collection[str], on: date
) -> Bill:
    """Return the bill of a day; `groups` are the exemptions' codes the person has proof for.

    A line that is not named in `quantities` is not charged. Refuses with Invalid (a quantity).
    """
    rules = [rule for rule in content.fees if rule.code in quantities and _holds(rule, on)]
    full = {rule.code: price(rule, quantities[rule.code]) for rule in rules}
    weighed = [_weigh(each, full, groups, on) for each in content.exemptions]
    fitting = [each for each in weighed if not each.why_not and each.saving]
    chosen = max(fitting, key=lambda each: each.saving, default=None)
    rule_chosen = next((e for e in content.exemptions if chosen and e.code == chosen.code), None)
    savings = _savings(rule_chosen, full) if rule_chosen else {}
    others = tuple(_rejected(each, chosen) for each in weighed if each is not chosen)
    kept = _kept(chosen, others)
    lines = [
        Fee(
            code=rule.code,
            name=rule.name,
            kind=rule.kind,
            full_amount=full[rule.code],
            amount=full[rule.code] - savings.get(rule.code, 0),
            quantity=_pieces(rule, quantities[rule.code]),
            collect_at=rule.collect_at,
            exemption=kept if savings.get(rule.code) else {},
            document_no=rule.document_no,
        )
        for rule in rules
    ]
    return Bill(lines, chosen, others)


def price(rule: FeeRule, quantity: Quantity) -> int:
    """Return the full price of a line: per case, page, copy, or by tiers of pages of each copy.

    A tier's amount holds from its page on; `cap` is the most one copy may cost.
    """
    _check(rule, quantity)
    if rule.basis == "per_case":
        return rule.amount
    if rule.basis == "per_copy":
        return _capped(rule, rule.amount) * quantity.copies
    if rule.basis == "per_page":
        return _capped(rule, rule.amount * quantity.pages) * quantity.copies
    tiers = sorted(rule.tiers, key=lambda tier: tier.since)
    one = 0
    for tier, following in zip(tiers, [*tiers[1:], None], strict=True):
        last = quantity.pages if following is None else min(quantity.pages, following.since - 1)
        one += max(0, last - tier.since + 1) * tier.amount
    return _capped(rule, one) * quantity.copies


def _check(rule: FeeRule, quantity: Quantity) -> None:
    if not (1 <= quantity.pages <= MOST and 1 <= quantity.copies <= MOST):
        said = _("Số trang và số bản của “%(name)s” phải từ 1 đến 10.000.") % {"name": rule.name}
        raise Invalid(errors={f"fee_{rule.code}": [said]})


def _capped(rule: FeeRule, amount: int) -> int:
    return min(amount, rule.cap) if rule.cap else amount


def _pieces(rule: FeeRule, quantity: Quantity) -> int:
    return 1 if rule.basis == "per_case" else quantity.copies


def _holds(rule: FeeRule | Exemption, on: date) -> bool:
    return not (
        (rule.valid_from and on < rule.valid_from) or (rule.valid_to and on > rule.valid_to)
    )


def _savings(rule: Exemption, full: Mapping[str, int]) -> dict[str, int]:
    """Return how much each line becomes cheaper: a per cent of it, or a sum spread over lines."""
    lines = {code: amount for code, amount in full.items() if not rule.fees or code in rule.fees}
    if not rule.amount:
        return {code: amount * rule.percent // 100 for code, amount in lines.items()}
    left, found = rule.amount, {}
    for code, amount in lines.items():
        found[code] = min(left, amount)
        left -= found[code]
    return found


def _weigh(rule: Exemption, full: Mapping[str, int], groups: Collection[str], on: date) -> Weighed:
    saving = sum(_savings(rule, full).values())
    why = ""
    if rule.code not in groups:
        why = _("không thuộc đối tượng hoặc chưa có giấy tờ")
    elif not _holds(rule, on):
        why = _("không còn hiệu lực hoặc chưa có hiệu lực vào ngày này")
    return Weighed(rule.code, rule.group, rule.law, saving, why)


def _rejected(each: Weighed, chosen: Weighed | None) -> Weighed:
    if each.why_not or chosen is None:
        return each
    why = _("mức miễn, giảm khác lợi hơn cho người nộp; các mức không cộng vào nhau")
    return Weighed(each.code, each.group, each.law, each.saving, why)


def _kept(chosen: Weighed | None, others: Sequence[Weighed]) -> dict[str, Any]:
    if chosen is None:
        return {}
    return {
        "code": chosen.code,
        "group": chosen.group,
        "law": chosen.law,
        "saving": chosen.saving,
        "others": [{"code": o.code, "group": o.group, "why_not": o.why_not} for o in others],
    }
