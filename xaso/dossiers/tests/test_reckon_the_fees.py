"""What it costs: by case, page, copy or tier; the one best exemption, with the others' reasons."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xaso.dossiers import fees
from xaso.dossiers.content.shape import Content, Exemption, FeeRule, Tier
from xaso.dossiers.fees import Quantity
from xaso.kernel.refusals import Invalid

TODAY = date(2026, 11, 23)
COPY = FeeRule(  # TT 226/2016/TT-BTC: 2,000 đ a page, 1,000 đ from page 3, at most 200,000 đ a copy
    code="sao", name="Chứng thực bản sao", kind="phi", basis="tiered",
    tiers=[Tier(1, 2000), Tier(3, 1000)], cap=200_000,
)  # fmt: skip
CASE = FeeRule(code="ho-tich", name="Lệ phí hộ tịch", amount=8_000)


@pytest.mark.parametrize(
    ("pages", "copies", "price"),
    [(1, 1, 2_000), (2, 1, 4_000), (7, 1, 9_000), (250, 1, 200_000), (7, 3, 27_000)],
)
def test_certified_copies_cost_what_the_circular_says(pages: int, copies: int, price: int) -> None:
    assert fees.price(COPY, Quantity(pages, copies)) == price


@pytest.mark.parametrize(
    ("basis", "price"), [("per_case", 10_000), ("per_page", 60_000), ("per_copy", 20_000)]
)
def test_other_bases(basis: str, price: int) -> None:
    rule = FeeRule(code="x", name="x", basis=basis, amount=10_000)  # type: ignore[arg-type]
    assert fees.price(rule, Quantity(pages=3, copies=2)) == price


def test_the_single_best_exemption_is_taken() -> None:
    content = Content(
        fees=[CASE, COPY],
        exemptions=[
            Exemption(code="ngheo", group="Hộ nghèo", fees=["ho-tich"], law="LHT điều 11.1"),
            Exemption(code="cao-tuoi", group="Người cao tuổi", percent=50, law="NQ 66.22/2026"),
            Exemption(code="cu", group="Đã hết hiệu lực", valid_to=date(2026, 1, 1)),
            Exemption(code="khac", group="Không thuộc", percent=100),
        ],
    )
    counts = {"ho-tich": Quantity(), "sao": Quantity(pages=7, copies=3)}
    found = fees.bill(content, counts, {"ngheo", "cao-tuoi", "cu"}, TODAY)
    assert found.full == 35_000
    assert found.chosen is not None
    assert (found.chosen.code, found.chosen.saving) == ("cao-tuoi", 17_500)
    assert found.total == 17_500  # not 8,000 and a half on top of each other
    why = {each.code: each.why_not for each in found.others}
    assert "lợi hơn" in why["ngheo"]
    assert "hiệu lực" in why["cu"]
    assert "đối tượng" in why["khac"]
    assert found.lines[0].exemption["code"] == "cao-tuoi"
    assert [o["code"] for o in found.lines[0].exemption["others"]] == ["ngheo", "cu", "khac"]


def test_lines_not_asked_or_not_in_force_cost_nothing() -> None:
    later = FeeRule(code="moi", name="Mức mới", amount=9_000, valid_from=date(2027, 1, 1))
    content = Content(fees=[CASE, later])
    assert fees.bill(content, {}, (), TODAY).lines == []
    both = {"ho-tich": Quantity(), "moi": Quantity()}
    assert fees.bill(content, both, (), TODAY).total == 8_000
    assert fees.bill(content, both, (), date(2027, 1, 1)).total == 17_000


def test_a_fixed_sum_is_spread_and_never_below_zero() -> None:
    content = Content(
        fees=[CASE, FeeRule(code="b", name="b", amount=3_000)],
        exemptions=[Exemption(code="giam", group="Giảm", amount=10_000)],
    )
    found = fees.bill(content, {"ho-tich": Quantity(), "b": Quantity()}, {"giam"}, TODAY)
    assert [line.amount for line in found.lines] == [0, 1_000]


@pytest.mark.parametrize("wrong", [Quantity(0, 1), Quantity(1, 0), Quantity(1, 10_001)])
def test_a_quantity_that_cannot_be_is_refused(wrong: Quantity) -> None:
    with pytest.raises(Invalid):
        fees.bill(Content(fees=[COPY]), {"sao": wrong}, (), TODAY)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 500), st.integers(1, 50), st.integers(0, 100), st.integers(0, 300_000))
def test_nobody_pays_less_than_nothing_or_more_than_full(
    pages: int, copies: int, percent: int, amount: int
) -> None:
    rule = Exemption(code="a", group="a", percent=percent, amount=amount)
    content = Content(fees=[COPY, CASE], exemptions=[rule])
    counts = {"sao": Quantity(pages, copies), "ho-tich": Quantity()}
    found = fees.bill(content, counts, {"a"}, TODAY)
    assert 0 <= found.total <= found.full
    for line in found.lines:
        assert 0 <= line.amount <= line.full_amount
