"""Rules that import-linter cannot see: links between tables, who writes, how long things are."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parent
FLOORS = {
    "kernel": 0,
    **dict.fromkeys(("population", "land", "documents"), 1),
    "traceability": 2,
    **dict.fromkeys(
        (
            "reports",
            "dossiers",
            "market",
            "villages",
            "learning",
            "outreach",
            "tourism",
            "meetings",
        ),
        3,
    ),
    **dict.fromkeys(("portal", "desk", "ioc", "assistant"), 4),
    "demo": 5,
}
LADDER = (
    ("web", "open_api"),
    ("notifications", "workflow", "live", "voices"),
    ("attachments",),
    ("identity",),
    ("working_time", "payments"),
    ("places",),
    ("audit", "jobs", "measures"),
    ("tenancy", "text", "sealing"),
)
WRITES = {
    "save",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "delete",
    "update",
}
# These are also methods of other things (digests, sets, modules): only calls on a manager count.
QUERY_ONLY = {"create", "update", "delete"}
NO_ROOM_FOR = {"utils", "helpers", "common", "services", "managers", "signals"}


def _room(model: type) -> tuple[str, str]:
    """Return the room a model lives in and, in the kernel, its place on the ladder."""
    parts = model.__module__.split(".")
    if parts[0] != "xaso":
        return "", ""
    return parts[1], parts[2] if parts[1] == "kernel" else ""


def _height(model: type) -> tuple[int, int]:
    room, rung = _room(model)
    step = next((len(LADDER) - i for i, rungs in enumerate(LADDER) if rung in rungs), 0)
    return FLOORS[room], step


def _links() -> Iterator[tuple[type, type]]:
    for model in apps.get_models():
        if not _room(model)[0]:
            continue
        for field in model._meta.get_fields():
            other = field.related_model if field.concrete and field.is_relation else None
            if other and _room(other)[0]:
                yield model, other


def _sources() -> Iterator[Path]:
    for file in ROOT.rglob("*.py"):
        if not {"tests", "migrations"} & set(file.parts) and not file.name.startswith("test_"):
            yield file


def test_tables_link_only_downwards() -> None:
    for a, b in _links():
        assert _room(a) == _room(b) or _height(a) > _height(b), f"{a} -> {b}"


def test_there_are_links_to_check() -> None:
    assert any(_links())


def _is_write(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr not in WRITES:
        return False
    if node.func.attr not in QUERY_ONLY:
        return True
    return "objects" in ast.unparse(node.func.value)


def test_only_actions_write() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno} .{node.func.attr}()"
        for file in _sources()
        if file.name != "actions.py" and not {"actions", "demo"} & set(file.parts)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if _is_write(node)
    ]
    assert not wrong, wrong


def test_adapters_are_reached_from_their_own_actions() -> None:
    wrong = []
    for file in _sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            module = getattr(node, "module", "") or ""
            if ".adapters" not in module or "adapters" in file.parts:
                continue
            own = module.split(".adapters")[0].split(".")[1:]
            here = list(file.relative_to(ROOT).with_suffix("").parts)
            if here[: len(own)] != own or "actions" not in here:
                wrong.append(f"{file.relative_to(ROOT)} imports {module}")
    assert not wrong, wrong


@pytest.mark.parametrize("limit", [400])
def test_files_stay_short(limit: int) -> None:
    long = [
        f"{file.relative_to(ROOT)}: {count}"
        for file in _sources()
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > limit
    ]
    assert not long, long


@pytest.mark.parametrize("limit", [40])
def test_functions_stay_short(limit: int) -> None:
    long = []
    for file in _sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = (
                    node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                )
                count = (node.end_lineno or 0) - first.lineno + 1
                if count > limit:
                    long.append(f"{file.relative_to(ROOT)}:{node.lineno} {node.name}: {count}")
    assert not long, long


def test_no_drawer_for_odds_and_ends() -> None:
    assert not [f for f in ROOT.rglob("*") if f.stem in NO_ROOM_FOR and "locale" not in f.parts]


def test_every_room_says_what_it_is_for() -> None:
    rooms = [c.path for c in apps.get_app_configs() if c.name.startswith("xaso.")]
    missing = [path for path in rooms if not (Path(path) / "README.md").exists()]
    assert not missing, missing


def test_templates_carry_no_inline_style_or_handler() -> None:
    """The content security policy would block them silently."""
    import re

    bad = re.compile(
        r"\sstyle=|\son[a-z]+=\"|<script(?![^>]*(\bsrc=|nonce=|type=\"application/json))|hx-on|\bjs:"
    )
    wrong = [
        f"{file.relative_to(ROOT)}: {hit.group(0)}"
        for file in ROOT.rglob("templates/**/*.html")
        if (hit := bad.search(file.read_text(encoding="utf-8")))
    ]
    assert not wrong, wrong
