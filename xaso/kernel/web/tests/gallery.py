"""Every part on pages of its own kind, for a real browser: the kit's state page, kept alive."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from xaso.kernel.web import drawing, menu
from xaso.kernel.web.context import Face, shell
from xaso.kernel.web.tests.samples import FORM, NOW, PARTS, PICTURE, WRONG

PAGES = Path(__file__).parent / "pages"


def square(x: float, y: float) -> dict:
    """Return a small village as GeoJSON."""
    ring = [[x, y], [x + 0.02, y], [x + 0.02, y + 0.02], [x, y + 0.02], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def commune_map() -> dict:
    """Return a commune of 24 square villages in all states."""
    villages = [
        square(103.5 + column * 0.02, 22.2 + row * 0.02) for row in range(4) for column in range(6)
    ]
    frame = drawing.frame(villages)
    states = ["", "", "some", "many", "late"]
    areas = []
    for number, village in enumerate(villages):
        x, y = frame.at(
            village["coordinates"][0][0][0] + 0.01, village["coordinates"][0][0][1] + 0.01
        )
        state = states[number % 5]
        area = {
            "path": frame.path(village),
            "x": x,
            "y": y,
            "name": f"Bản {number}",
            "state": state,
        }
        areas.append(area | {"count": states.index(state), "named": state == "late"})
    return {"box": frame.box, "areas": areas}


def values() -> dict:
    """Return what the pages above show."""
    tile = PARTS["_tile_kpi.html"]
    chips = [
        ("Xong", "xanh", "check"),
        ("Còn 2 giờ", "cam", "clock"),
        ("Quá 3 giờ", "do", "circle-alert"),
    ]
    chips += [
        ("Thứ Sáu", "", "calendar-clock"),
        ("Dừng", "line", "circle-pause"),
        ("Đang gửi", "cham", "clock"),
    ]
    dues = [(-3, None), (2, None), (50, None), (1, NOW)]
    return {
        "now": NOW,
        "form": FORM,
        "wrong": WRONG,
        "picture": PICTURE | {"src": "/static/web/img/ruong-bac-thang.svg", "srcset": ""},
        "chips": [dict(zip(("text", "tone", "icon"), chip, strict=True)) for chip in chips],
        "steps": [*PARTS["_timeline.html"][0]["steps"], {"title": "Trả lời", "state": "todo"}],
        "facts": [("Hộ gia đình", "142"), ("Nhân khẩu", "617")],
        "sums": PARTS["_sum.html"][0]["items"],
        "picks": [*PARTS["_filters.html"][0]["picks"], {"url": "/", "text": "Hồ sơ 6"}],
        "jobs": [
            {
                "title": "Trả lời phản ánh: mương vỡ ở Chu Va 12",
                "is_late": h < 0,
                "due": NOW + timedelta(hours=h),
                "paused": paused,
            }
            for h, paused in dues
        ],
        "rows": [
            {"day": "Thứ Hai 23/11", "what": "Nhận 9:10", "hours": "6 giờ 20", "state": s}
            for s in ("", "off", "over", "end")
        ],
        "flow": PARTS["_flow.html"][0]["steps"],
        "tiles": [tile[0]] * 4 + [tile[1]],
        "ranks": [
            {
                "name": f"Bản {n}",
                "value": f"{100 - 7 * n} %",
                "of": "9/11",
                "share": 100 - 7 * n,
                "tone": ["xanh", "cam", "do"][n // 3],
            }
            for n in range(7)
        ],
        "map": commune_map(),
        "tones": ["", "xanh", "cam", "do"],
        "sparks": ["cham", "xanh", "cam"],
        "spark": drawing.spark([n * 7 % 10 for n in range(30)]),
    }


def page(request, base):
    """Draw one kind of page, as an official of Bình Lư sees it."""
    theme = request.GET.get("nen", "dark")
    surroundings = surrounded(request)
    return drawn(request, base, values() | {"shell": surroundings, "theme": theme})


def surrounded(request):
    """Return the surroundings of a page in Bình Lư with menus filled."""
    plain = shell(request)
    entries = [menu.Shown("Việc của tôi", "inbox", request.path, is_current=True, count=14)]
    entries += [
        menu.Shown(name, icon, f"/{icon}/")
        for name, icon in (("Phản ánh", "camera"), ("Theo dõi", "folder-search"), ("Bản đồ", "map"))
    ]
    face = Face(
        "Xã Bình Lư",
        "UBND xã Bình Lư",
        "UBND xã · tỉnh Lai Châu",
        "Lai Châu",
        "Bản Thống Nhất",
        "thứ Hai – thứ Sáu",
        "0213 555 0135",
        True,
    )
    changed = {"commune": face, "tabs": entries, "rail": entries, "foot": entries[1:]}
    changed |= {
        "me": SimpleNamespace(name="Tẩn A Sơn", position="Công chức"),
        "sign_out": "/thoat/",
    }
    return SimpleNamespace(**(vars(plain) | changed))


def fragment(request):
    """Answer what htmx asks for."""
    return drawn(request, "fragment", {})


def drawn(request, name, context):
    """Draw one of the pages beside this file."""
    source = (PAGES / f"{name}.html").read_text(encoding="utf-8")
    return HttpResponse(engines["django"].from_string(source).render(context, request))


urlpatterns = [
    path("", include("xaso.kernel.web.urls")),
    path("trang/<base>/", page),
    path("manh/", fragment),
]
handler404 = "xaso.kernel.web.views.handler404"
