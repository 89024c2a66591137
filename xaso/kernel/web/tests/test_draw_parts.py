"""Every part is drawn from plain values, and nothing in it would break under a strict policy."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import get_template

from xaso.kernel.web import collected
from xaso.kernel.web.tests.samples import PARTS

TEMPLATES = Path(collected.__file__).parent / "templates/web"
CASES = [(name, values) for name, samples in PARTS.items() for values in samples]
VOID = {"img", "input", "meta", "link", "br", "source", "rect", "circle", "path", "use", "line"}


class Reader(HTMLParser):
    """Notes attributes and ids, and that every element is closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.attrs: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.attrs += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.attrs += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def drawn(name: str, values: dict[str, object]) -> str:
    return get_template(f"web/parts/{name}").render(dict(values))


def faults(html: str) -> list[str]:
    """Return what a strict content policy or a screen reader would stumble over."""
    page = read(html)
    ids = [value for _, name, value in page.attrs if name == "id"]
    wrong = [f"{tag} {name}" for tag, name, _ in page.attrs if name == "style"]
    wrong += [f"{tag} {name}" for tag, name, _ in page.attrs if name.startswith("on")]
    wrong += [f"id {x} twice" for x in set(ids) if ids.count(x) > 1]
    wrong += [f"{x} left open" for x in page.open]
    known = set(ids)
    wrong += [
        f"{name} points at nothing: {target}"
        for _, name, value in page.attrs
        if name in {"aria-describedby", "aria-labelledby", "for"}
        for target in value.split()
        if target not in known
    ]
    return wrong + page.faults


@pytest.mark.parametrize(
    ("name", "values"), CASES, ids=[f"{n}-{i}" for i, (n, _) in enumerate(CASES)]
)
def test_a_part_is_sound(name, values):
    html = drawn(name, values)
    assert faults(html) == []
    assert "<script" not in html
    assert "{{" not in html
    assert "None" not in html


def test_every_part_has_a_sample():
    there = {file.name for file in (TEMPLATES / "parts").iterdir()}
    assert there == set(PARTS)


def test_parts_never_reach_for_models_or_requests():
    for file in (TEMPLATES / "parts").iterdir():
        assert not re.search(r"\b(request|user|shell|perms)\.", file.read_text()), file.name


def test_text_of_people_is_escaped():
    html = drawn("_ans.html", {"url": "/", "title": "<script>alert(1)</script>"})
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_figure_without_its_time_is_refused():
    with pytest.raises(ValueError, match="as_of"):
        drawn("_tile_kpi.html", {"name": "Đúng hẹn", "value": "89"})


def test_no_data_is_said_and_never_zero():
    html = drawn("_tile_kpi.html", {"name": "Thu", "value": None, "as_of": "8:39"})
    assert "Chưa có số liệu" in html
    assert ">0<" not in html


def test_icons_of_parts_end_in_the_sprite_once():
    page = Template(
        '{% load web %}{% include "web/parts/_note.html" with icon="camera" text="a" only %}'
        '{% icon "camera" %}{% icon "phone" %}{% sprite %}'
    ).render(Context({}))
    assert re.findall(r'<symbol id="i-([a-z-]+)"', page) == ["camera", "phone"]


def test_two_pages_do_not_share_icons():
    template = Template("{% load web %}{% if draw %}{% icon 'camera' %}{% endif %}{% sprite %}")
    template.render(Context({"draw": True}))
    assert "<symbol" not in template.render(Context({"draw": False}))


def test_a_computed_style_becomes_a_class_and_one_rule():
    page = Template(
        '{% load web %}<i class="{% rule "--v:{}%" share %}"></i>'
        '<i class="{% rule "--v:{}%" share %}"></i>{% rules %}'
    ).render(Context({"share": 64}))
    name = re.search(r'class="(k-[0-9a-f]{8})"', page).group(1)
    assert page.count(f".{name}{{--v:64%}}") == 1


@pytest.mark.parametrize(
    "value", ["1}body{display:none", "url(//x)", "</style>", "1;color:red", ""]
)
def test_data_cannot_break_out_of_a_rule(value):
    with pytest.raises(ValueError, match="not a style"):
        collected.rule("--v:{}%", (value,))


def test_a_fragment_brings_its_icons_and_rules():
    html = Template(
        '{% load web %}{% icon "check" %}<i class="{% rule "--v:{}%" 12 %}"></i>{% fragment_end %}'
    ).render(Context({}))
    assert 'hx-swap-oob="beforeend:#hinh"' in html
    assert 'id="i-check"' in html
    assert "<style" not in html
    assert re.search(r'data-kieu="\.k-[0-9a-f]{8}\{--v:12%\}"', html)
