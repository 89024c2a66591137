"""How alike two reports are, by the handbook's examples and by what must always hold."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from xaso.reports import likeness

A = "Đường sạt lở ở bản Nà Tăm, xe không qua được"
B = "Sat lo duong vao ban Na Tam xe tai khong di duoc"
LIGHT = "Đèn đường hỏng ở ngã ba chợ"
HERE, THERE = (22.3170, 103.6300), (22.3180, 103.6310)
FIVE_HOURS = 5.0


def signs(**facts: object) -> likeness.Signs:
    usual: dict[str, object] = {
        "hours": FIVE_HOURS,
        "category": 1.0,
        "distance_m": likeness.metres(HERE, THERE),
        "slack_m": 42.0,
        "text": likeness.words_alike(A, B),
    }
    return likeness.Signs(**usual | facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "score"),
    [
        ({}, 81.9),
        ({"photo_bits": 4}, 84.6),
        ({"distance_m": None, "slack_m": 0.0, "place": 0.6}, 83.4),
        ({"distance_m": 600.0}, 45.0),
        ({"category": 0.0, "text": likeness.words_alike(A, LIGHT)}, 36.3),
        ({"is_sent_again": True}, 95.0),
    ],
)
def test_the_examples_of_the_handbook(facts: dict[str, object], score: float) -> None:
    assert likeness.compare(signs(**facts)).score == score


def test_far_apart_counts_only_with_the_same_photo() -> None:
    assert likeness.compare(signs(distance_m=900.0, slack_m=20.0, photo_bits=12)).score == 45.0
    assert likeness.compare(signs(distance_m=900.0, slack_m=20.0, photo_bits=2)).score == 64.9


def test_what_is_shown_and_what_comes_first() -> None:
    very = likeness.compare(signs())
    hidden = likeness.compare(signs(distance_m=600.0))
    perhaps = likeness.compare(signs(category=0.6, text=None, distance_m=200.0))
    assert very.is_very
    assert very.is_shown
    assert perhaps.is_shown
    assert not perhaps.is_very
    assert not hidden.is_shown


def test_the_words_are_counted_as_the_database_counts_them() -> None:
    assert likeness.words_alike(A, B) == pytest.approx(33 / 47)
    assert likeness.words_alike(A, "") is None
    assert likeness.words_alike("...", B) is None


def test_the_photo_bits_of_signed_numbers() -> None:
    assert likeness.bits_apart([-1], [0]) == 64
    assert likeness.bits_apart([0b1011, 7], [0b1000]) == 2
    assert likeness.bits_apart([], [1]) is None


def test_the_same_spot_is_found_without_accents() -> None:
    assert likeness.spot("Gần cầu treo", "") == frozenset({"gan cau treo"})


def test_every_vector(shared_data: Callable[[str], Any]) -> None:
    vectors = shared_data("report_vectors.json")
    for case in vectors["duplicate_score"]:
        given = case["input"]
        found = likeness.compare(
            likeness.Signs(
                hours=given["hours"],
                category=given["category_factor"],
                distance_m=given["distance_m"],
                slack_m=given["accuracy_sum_m"],
                place=given["place_factor"] or 0,
                text=given["text_similarity"],
                photo_bits=given["photo_hamming"],
            )
        )
        assert found.score == case["score"], case["id"]
        assert found.factors == pytest.approx(case["factors"], abs=0.001), case["id"]
    for case in vectors["trigram"]:
        alike = likeness.words_alike(case["a"], case["b"])
        assert round(alike or 0, 4) == case["similarity"]
    for case in vectors["haversine"]:
        assert round(likeness.metres(*map(tuple, (case["a"], case["b"]))), 1) == case["metres"]


def test_a_score_is_a_percentage_whatever_comes() -> None:
    chance = Random(7)  # noqa: S311  (repeatable, nothing secret)
    for _ in range(2_000):
        found = likeness.compare(
            likeness.Signs(
                hours=chance.uniform(0, 9_999),
                category=chance.choice((0, 0.6, 1)),
                distance_m=chance.choice((None, chance.uniform(0, 2e7))),
                slack_m=chance.choice((0, 30, 10**6)),
                place=chance.choice((0, 0.3, 0.6)),
                text=chance.choice((None, chance.random())),
                photo_bits=chance.choice((None, chance.randint(0, 64))),
                within_m=chance.choice((50, 250, 1_000)),
                days=chance.choice((1, 28, 84)),
            )
        )
        assert 0 <= found.score <= 100
        assert all(0 <= factor <= 1 for factor in found.factors.values())
