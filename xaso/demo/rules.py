"""The routing rules of a demo commune: sensible rows an administrator could have written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from xaso.demo.towns import BY, Town
from xaso.kernel.tenancy import actions as tenancy
from xaso.reports import actions as reports

_NEAR_THE_MARKET = 6  # the first villages of a commune lie around its market
_NIGHT = (time(21), time(5))


@dataclass(frozen=True)
class _Row:
    """A rule by the short names of the demo; `tell` are units, or people with an @."""

    name: str
    unit: str
    categories: str
    person: str = ""
    tell: str = ""
    is_night: bool = False
    is_market_weekend: bool = False


_ROWS = (
    _Row("Nguy hiểm đến người", "lanh-dao", "HAZARD", tell="cong-an van-phong"),
    _Row("Thái độ phục vụ của cán bộ", "lanh-dao", "STAFF"),
    _Row("Thủ tục, quy định", "van-phong", "REGULATION"),
    _Row("Ồn ào, mất trật tự ban đêm", "cong-an", "NOISE ORDER", tell="van-phong", is_night=True),
    _Row("Tiếng ồn, trật tự, lấn chiếm", "cong-an", "NOISE ORDER"),
    _Row("Xây dựng", "kinh-te", "BUILDING"),
    _Row("Đường tắc, sạt lở nhỏ", "kinh-te", "ROAD-BLOCKED", "giaothong", tell="@phochutich"),
    _Row("Đường, cầu hỏng", "kinh-te", "ROADS", "giaothong"),
    _Row("Đèn đường và điện", "kinh-te", "LIGHT POWER", "diennuoc"),
    _Row("Nước, kênh mương", "kinh-te", "WATER"),
    _Row("Sóng, mạng", "van-hoa", "TELECOM"),
    _Row("Rác quanh chợ cuối tuần", "ve-sinh", "WASTE", "vesinh", is_market_weekend=True),
    _Row("Rác, môi trường", "ve-sinh", "ENVIRONMENT"),
    _Row("Gia súc ốm, chết", "thu-y", "LIVESTOCK", tell="tram-y-te"),
    _Row("Dịch bệnh", "tram-y-te", "EPIDEMIC", tell="van-phong"),
    _Row("Sâu bệnh, giống, phân", "kinh-te", "CROPS"),
)


def publish(town: Town) -> None:
    """Put the rules of a commune in force, as if it had started with them."""
    with tenancy.inside(town.id):
        reports.open_rules(town.commune, by=BY)
        for row in _ROWS:
            reports.save_rule(_given(town, row), commune=town.commune, by=BY)
        reports.publish_rules(commune=town.commune, by=BY)


def _given(town: Town, row: _Row) -> reports.RuleGiven:
    near = [village.pk for village in town.villages[:_NEAR_THE_MARKET]]
    since, until = _NIGHT if row.is_night else (None, None)
    return reports.RuleGiven(
        name=row.name,
        unit_id=town.units[row.unit].pk,
        person_id=town.officials[row.person].pk if row.person else None,
        categories=row.categories.split(),
        villages=near if row.is_market_weekend else (),
        weekdays=(6, 7) if row.is_market_weekend else (),
        time_from=since,
        time_to=until,
        also_tell=list(_tells(town, row.tell)),
    )


def _tells(town: Town, names: str) -> Iterator[str]:
    for name in names.split():
        if name.startswith("@"):
            yield f"person:{town.officials[name[1:]].pk}"
        else:
            yield f"unit:{town.units[name].pk}"
