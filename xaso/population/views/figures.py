"""Statistics: tables with small cells hidden, a pyramid and a map drawn by the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xaso.kernel.places import queries as places
from xaso.kernel.places.models import Commune
from xaso.kernel.web import drawing
from xaso.kernel.web.http import DeskRequest, may
from xaso.population import actions, queries, suppression
from xaso.population.actions import figures
from xaso.population.queries import people

COLUMNS = {
    "male": gettext_lazy("Nam"),
    "female": gettext_lazy("Nữ"),
    "permanent": gettext_lazy("Thường trú"),
    "temporary": gettext_lazy("Tạm trú"),
    "living": gettext_lazy("Ở chưa đăng ký"),
    "absent": gettext_lazy("Tạm vắng"),
    "present": gettext_lazy("Đang có mặt"),
    "households": gettext_lazy("Số hộ"),
    "birth": gettext_lazy("Sinh"),
    "death": gettext_lazy("Tử"),
    "permanent_in": gettext_lazy("Đến thường trú"),
    "permanent_out": gettext_lazy("Chuyển đi"),
    "temporary_in": gettext_lazy("Đến tạm trú"),
    "temporary_out": gettext_lazy("Hết tạm trú"),
}
TABLES = {
    figures.VILLAGES: gettext_lazy("Theo bản"),
    figures.PYRAMID: gettext_lazy("Theo tuổi và giới tính"),
    figures.ETHNIC: gettext_lazy("Theo dân tộc"),
    figures.ETHNIC_VILLAGE: gettext_lazy("Dân tộc theo bản"),
    figures.MOVEMENTS: gettext_lazy("Biến động 12 tháng"),
}
_WIDTH, _ROW, _MIDDLE = 640, 22, 60
_STEPS = 5


@dataclass(frozen=True)
class Bar:
    """One band of the pyramid: two bars from the middle outwards."""

    y: int
    label: str
    male_x: int
    male: int
    female: int
    male_said: object
    female_said: object


@may("population.figures")
def page(request: DeskRequest) -> HttpResponse:
    """Show the tables of this month."""
    made = actions.publish_figures(request.commune, by=request.actor)
    heads = queries.heads(request.commune, people.today())
    words = (
        _("Thường trú"),
        _("Tạm trú"),
        _("Ở chưa đăng ký"),
        _("Tạm vắng"),
        _("Đang có mặt"),
    )
    context = {
        "tables": [table(name, made[name].shown) for name in TABLES if name in made],
        "pyramid": pyramid(made[figures.PYRAMID].shown),
        "map": village_map(request.commune, made[figures.VILLAGES].shown),
        "heads": heads,
        "month": made[figures.VILLAGES].month,
        "sum": [
            {"value": cell, "text": text} for cell, text in zip(_today(heads), words, strict=True)
        ],
    }
    return render(request, "population/desk/figures.html", context)


def _today(heads: queries.Heads) -> Sequence[suppression.Cell]:
    """Return the four numbers and their sum of today, small ones hidden as in the tables."""
    line = [*heads.numbers[:4], heads.present, heads.households]
    return suppression.heads([line]).cells[0][:5]


def table(name: str, shown: dict[str, Any]) -> dict[str, Any]:
    """Return a published table with its words."""
    return {
        "key": name,
        "title": TABLES[name],
        "columns": [COLUMNS.get(column, column) for column in shown["columns"]],
        "rows": shown["rows"],
        "totals": shown["totals"] if len(shown["rows"]) > 1 else None,
        "total": shown["total"],
    }


def pyramid(shown: dict[str, Any]) -> dict[str, Any]:
    """Return the bars of the pyramid, the oldest on top; a hidden cell has no bar."""
    rows = list(reversed(shown["rows"]))
    most = max([1, *(cell for row in rows for cell in row["cells"] if isinstance(cell, int))])
    half = (_WIDTH - _MIDDLE) // 2
    bars = []
    for place, row in enumerate(rows):
        male, female = (
            round(cell / most * (half - 40)) if isinstance(cell, int) else 0
            for cell in row["cells"]
        )
        said = row["cells"]
        bars.append(Bar(place * _ROW, row["name"], half - male, male, female, said[0], said[1]))
    return {
        "box": f"0 0 {_WIDTH} {len(rows) * _ROW}",
        "bars": bars,
        "half": half,
        "middle": half + _MIDDLE // 2,
        "right": half + _MIDDLE,
        "high": _ROW - 4,
    }


def village_map(commune: Commune, shown: dict[str, Any]) -> dict[str, Any] | None:
    """Return villages shaded by how many people are there; None without borders."""
    there = [v for v in places.villages(commune) if v.polygon]
    if not there:
        return None
    place = shown["columns"].index("present")
    counts = {row["name"]: row["cells"][place] for row in shown["rows"]}
    frame = drawing.frame(v.polygon for v in there)
    known = [n for n in counts.values() if isinstance(n, int)]
    most = max([1, *known])
    areas = []
    for village in there:
        n = counts.get(village.full_name)
        step = -(-n * _STEPS // most) if isinstance(n, int) else 0
        areas.append(
            {"path": frame.path(village.polygon), "step": step, "name": village.full_name, "n": n}
        )
    return {"box": frame.box, "areas": areas}
