"""What the documentation says is there: links, pages of rooms, commands, states."""

import argparse
import re
import runpy
from pathlib import Path

import pytest

from xaso.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    page
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("e2e/*.md"))
    if page.is_file()
)
READMES = (ROOT / "README.md", ROOT / "README.vi.md")
SCREENS = "docs/screens/"  # taken by the browser stories, XASO_SCREENS=1
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[str]:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return [link for link in LINK.findall(text) if not re.match(r"[a-z]+:", link)]


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def rooms() -> set[str]:
    found = {each.parent.name for each in ROOT.glob("xaso/*/README.md")}
    return found | {each.parent.name for each in ROOT.glob("xaso/kernel/*/README.md")}


def commands() -> set[str]:
    """Return every command of `xaso`, those with commands of their own as two words."""
    found = set()
    for name, parser in below(main.parser()).items():
        found.add(name)
        found |= {f"{name} {under}" for under in below(parser)}
    return found


def below(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if target.is_relative_to(ROOT / SCREENS):
            continue  # looked at below
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_pictures_in_the_readme_are_taken_by_a_story() -> None:
    taken = (ROOT / "e2e" / "test_screens.py").read_text(encoding="utf-8")
    names = {Path(link).stem for readme in READMES for link in links(readme) if SCREENS in link}
    assert names == {"phone-home", "desk-inbox", "wall"}
    for name in names:
        assert f'"{name}"' in taken or f'"{name.removeprefix("phone-")}":' in taken, name


def test_every_room_has_a_page_that_the_list_names() -> None:
    pages = {page.stem for page in (ROOT / "docs" / "rooms").glob("*.md")}
    listed = set(links(ROOT / "docs" / "rooms" / "README.md"))
    assert rooms(), "no room found"
    assert rooms() - pages == set()
    assert {f"{room}.md" for room in rooms()} - listed == set()
    # A large room has further pages, `<room>-<subject>`, named by the list as well.
    further = pages - rooms() - {"README"}
    assert {name for name in further if name.partition("-")[0] not in rooms()} == set()
    assert {f"{name}.md" for name in further} - listed == set()


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    known = commands()
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE))
    assert named <= targets, named - targets
    for name, more in re.findall(r"(?:`|bin/)xaso ([a-z-]+)(?: ([a-z-]+))?", text):
        assert name in known, name
        has_own = any(each.startswith(f"{name} ") for each in known)
        assert not has_own or not more or f"{name} {more}" in known, f"{name} {more}"


def test_the_readme_names_every_make_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)) - {"help"}
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {target for target in targets if f"make {target}" not in text} == set()


def test_the_pages_of_states_are_what_the_tables_say() -> None:
    made = runpy.run_path(str(ROOT / "tools" / "states.py"))
    for page, text in made["pages"]().items():
        assert page.read_text(encoding="utf-8") == text, "run: tools/states.py"
