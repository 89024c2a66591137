"""The score of the set 766: the worked examples hold, nothing is rounded by luck."""

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from xaso.ioc.kpi import definition, scoring
from xaso.ioc.kpi.scoring import Ratio
from xaso.ioc.kpi.shipped import SHIPPED
from xaso.kernel.refusals import Invalid

ORACLE = Path(__file__).resolve().parents[4] / "shared/data/kpi766_examples.json"
PAIRS = {  # code -> the group of the example, numerators added, denominator
    "PROGRESS": ("progress", ("on_time",), "received"),
    "ONLINE_A": ("online", ("services_partial", "services_full"), "services_authority"),
    "ONLINE_B": ("online", ("services_with_dossiers",), "services_online"),
    "ONLINE_C": ("online", ("dossiers_online",), "dossiers_all"),
    "PAY_A": ("payment", ("dossiers_paid_online",), "dossiers_with_obligation"),
    "PAY_B": ("payment", ("procedures_with_paid_dossiers",), "procedures_with_fee"),
    "PAY_C": ("payment", ("procedures_integrated",), "procedures_with_fee"),
    "PETITION_PROCESSING_ON_TIME": ("satisfaction", ("petitions_on_time",), "petitions"),
    "PETITION_HANDLING_SATISFACTION": ("satisfaction", ("petitions_satisfied",), "petitions"),
    "DOSSIER_RECEIVING_SATISFACTION": ("satisfaction", ("dossiers_satisfied",), "dossiers"),
}
SHARES = {
    "PUBLISH_ON_TIME": ("transparency", "publish_on_time"),
    "PUBLIC_UPDATE_ON_TIME": ("transparency", "public_update_on_time"),
    "PUBLIC_CONTENT_FULL": ("transparency", "public_content_full"),
    "DOSSIER_SYNC": ("transparency", "dossier_sync"),
    "ORIGINAL_RESULT_AVAILABLE": ("digitised", "electronic_results"),
    "SO_HOA_GIAY_TO_GIAI_QUYET": ("digitised", "digitised"),
    "REUSED_DIGITIZED_DATA": ("digitised", "reuse"),
    "SYNCED_WITH_DVCQG_PERSONAL_STORAGE": ("digitised", "synced_storage"),
    "CITIZEN_DATA_CONNECTED_DOSSIER": ("digitised", "citizen_dossiers"),
    "CITIZEN_DATA_CONNECTED_FORMALITY": ("digitised", "citizen_procedures"),
    "ELECTRONIC_CERTIFIED_COPY": ("digitised", "electronic_certified_copy"),
}


def read(said: Mapping[str, Any]) -> dict[str, Ratio | None]:
    """Return an example's input as the scorer takes it."""
    pairs = {
        code: Ratio.of(sum(said[group][part] for part in parts), said[group][whole])
        for code, (group, parts, whole) in PAIRS.items()
    }
    return pairs | {code: Ratio.of(said[group][key]) for code, (group, key) in SHARES.items()}


def examples() -> list[Any]:
    if not ORACLE.exists():
        return [pytest.param(None, marks=pytest.mark.skip("worked examples are not here"))]
    rows = json.loads(ORACLE.read_text(encoding="utf-8"))["examples"]
    return [pytest.param(row, id=row["id"]) for row in rows]


@pytest.mark.parametrize("row", examples())
def test_every_worked_example_holds(row: dict[str, Any]) -> None:
    found = scoring.score(SHIPPED, read(row["input"]))
    shown = {code: float(m.shown or 0) for code, m in found.metrics.items()}
    assert shown == row["expected"]["metrics"]
    assert {g.group.code: float(g.shown) for g in found.groups} == row["expected"]["groups"]
    assert float(found.shown) == row["expected"]["total"]
    assert not found.is_provisional


def test_the_set_gives_a_hundred_points() -> None:
    assert SHIPPED.maximum == 100
    groups, metrics = definition.read_body(definition.as_json(SHIPPED.groups, SHIPPED.metrics))
    assert (list(groups), list(metrics)) == (list(SHIPPED.groups), list(SHIPPED.metrics))


def test_a_missing_number_is_not_a_zero() -> None:
    everything = {m.code: Ratio.of(1) for m in SHIPPED.metrics}
    without = scoring.score(SHIPPED, everything | {"PAY_A": None})
    assert without.metrics["PAY_A"].shown is None
    assert without.is_provisional
    assert without.coverage == Fraction(94, 100)
    assert scoring.score(SHIPPED, everything).shown == Decimal("100.00")


def test_points_of_an_empty_month_stand_apart() -> None:
    empty = scoring.score(SHIPPED, {m.code: Ratio.of(0, 0) for m in SHIPPED.metrics})
    assert (empty.shown, empty.by_convention) == (Decimal("12.00"), 12)


def test_eight_signed_results_bring_what_the_example_says() -> None:
    now = {m.code: Ratio.of(1) for m in SHIPPED.metrics}
    now["ORIGINAL_RESULT_AVAILABLE"] = Ratio.of(90, 100)
    now["PROGRESS"] = Ratio.of(95, 100)
    gain = scoring.after(SHIPPED, now, "ORIGINAL_RESULT_AVAILABLE", 8)
    assert scoring.half_up(gain) == Decimal("0.48")
    assert scoring.half_up(scoring.after(SHIPPED, now, "PROGRESS", -1)) == Decimal("-0.20")
    assert scoring.after(SHIPPED, now, "PROGRESS", 50) == 1  # five are missing, no more
    assert scoring.after(SHIPPED, now, "UNKNOWN", 1) == 0


@pytest.mark.parametrize(
    ("exact", "shown"),
    [("1.975", "1.98"), ("0.625", "0.63"), ("0.005", "0.01"), ("-0.005", "-0.01"), ("2", "2.00")],
)
def test_halves_go_up_from_the_exact_value(exact: str, shown: str) -> None:
    assert scoring.half_up(Fraction(exact)) == Decimal(shown)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@drawn(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=21, max_size=21))
def test_no_input_leaves_the_range_and_more_never_costs(counts: list[tuple[int, int]]) -> None:
    given = {m.code: Ratio.of(*pair) for m, pair in zip(SHIPPED.metrics, counts, strict=True)}
    found = scoring.score(SHIPPED, given)
    assert 0 <= found.points <= 100
    for group in found.groups:
        assert 0 <= group.points <= group.group.maximum
    for metric in SHIPPED.metrics:
        assert scoring.after(SHIPPED, given, metric.code, 1) >= 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.pop("groups"),
        lambda body: body["metrics"].append(dict(body["metrics"][0])),
        lambda body: body["metrics"].pop(),
        lambda body: body["metrics"][0].update(factor="1/0"),
        lambda body: body["metrics"][0].update(factor="-1"),
        lambda body: body["metrics"][0].update(group="nobody"),
        lambda body: body["groups"][0].update(maximum="nhiều"),
        lambda body: body["metrics"][0].update(on_zero="maybe"),
    ],
)
def test_a_broken_set_is_refused_in_words(spoil: Any) -> None:
    body = definition.as_json(SHIPPED.groups, SHIPPED.metrics)
    spoil(body)
    with pytest.raises(Invalid):
        definition.read_body(body)
