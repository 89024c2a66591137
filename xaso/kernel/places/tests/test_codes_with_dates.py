"""A code means something only together with a day."""

from datetime import date

import pytest

from xaso.kernel.places import queries

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def names(versions) -> list[str]:
    return sorted(f"{v.name} {v.code}" for v in versions)


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [("03390", BEFORE, "Thị trấn Tam Đường"), ("03390", AFTER, "Xã Bình Lư")],
)
def test_a_code_that_was_used_again(code: str, day: date, name: str) -> None:
    assert queries.unit_at(code, "commune", day).name == name


def test_an_ended_code_offers_what_it_became() -> None:
    assert queries.unit_at("03412", "commune", date(2026, 1, 1)) is None
    old = queries.unit_at("03412", "commune", BEFORE)
    assert names(queries.successors(old.unit_id)) == ["Xã Bình Lư 03390"]


@pytest.mark.parametrize(
    ("code", "before"),
    [
        ("03390", ["Thị trấn Tam Đường 03390", "Xã Bình Lư 03412", "Xã Sơn Bình 03413"]),
        ("03424", ["Xã Bản Bo 03424", "Xã Nà Tăm 03427"]),
        (
            "03408",
            [
                "Phường Tân Phong 03387",
                "Phường Đông Phong 03408",
                "Xã Bản Giang 03418",
                "Xã Nùng Nàng 03415",
                "Xã San Thàng 03409",
            ],
        ),
    ],
)
def test_what_a_commune_was_made_of(code: str, before: list[str]) -> None:
    unit = queries.unit_at(code, "commune", AFTER).unit_id
    assert names(queries.predecessors(unit)) == before


def test_old_names_are_found_and_lead_to_the_new_unit() -> None:
    (old,) = queries.find("ban giang")
    assert names(queries.successors(old.unit_id)) == ["Phường Tân Phong 03408"]


def test_people_still_say_the_district() -> None:
    found = queries.find("Tam Đường")
    assert {v.name for v in found} == {"Thị trấn Tam Đường", "Huyện Tam Đường"}
    district = next(v for v in found if v.level == "district")
    assert len(queries.successors(district.unit_id)) > 1


def test_a_paper_of_the_past_says_both_names() -> None:
    old = queries.unit_at("03413", "commune", BEFORE)
    assert queries.label(old.unit_id, BEFORE, "dated") == (
        "Xã Sơn Bình, huyện Tam Đường, tỉnh Lai Châu (từ 01/7/2025: Xã Bình Lư)"
    )


def test_every_unit_of_the_province_is_there() -> None:
    from xaso.kernel.places.models import AdminUnitVersion

    rows = AdminUnitVersion.objects.filter(level="commune")
    assert rows.filter(period__contains=AFTER).count() == 38
    assert rows.filter(period__contains=BEFORE).count() == 106
