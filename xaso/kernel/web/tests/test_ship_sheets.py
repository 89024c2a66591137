"""Style sheets leave in one piece, without comments, and say what they said."""

from pathlib import Path

from xaso.kernel.web import files

WEB = Path(files.__file__).parent / "static/web"


def test_a_sheet_takes_in_what_it_imports(tmp_path) -> None:
    (tmp_path / "colours.css").write_text(":root { --ink: #123; } /* ink */\n", encoding="utf-8")
    whole = tmp_path / "whole.css"
    whole.write_text(
        '@import url("colours.css");\na , b { color : var(--ink) ; }', encoding="utf-8"
    )
    assert files.sheet(whole) == ":root{--ink: #123;}a,b{color : var(--ink);}\n"


def test_texts_and_addresses_stay_as_they_are(tmp_path) -> None:
    sheet = tmp_path / "a.css"
    said = 'a::after{content:"/* no  comment */ ; }"}b{background:url(x/*y*/z.svg)}\n'
    sheet.write_text(said, encoding="utf-8")
    assert files.sheet(sheet) == said


def test_a_space_that_means_something_stays(tmp_path) -> None:
    sheet = tmp_path / "a.css"
    sheet.write_text("main  :hover > a{margin:0  -1px}\n@media (width >= 3rem){}", encoding="utf-8")
    assert files.sheet(sheet) == "main :hover > a{margin:0 -1px}@media (width >= 3rem){}\n"


def test_our_own_sheet_stands_alone() -> None:
    whole = files.sheet(WEB / "xaso.css")
    assert "@import" not in whole
    assert "/*" not in whole.replace("url(", "")
    assert "--giay:#FAF8F2" in whole


def test_a_script_loses_indents_and_comments_and_says_the_same(tmp_path) -> None:
    source = tmp_path / "a.js"
    source.write_text(
        '/* What it\n is for. */\nvar a = "// no comment";\n  // one\n  b()\n', encoding="utf-8"
    )
    assert files.script(source) == 'var a = "// no comment";\nb()\n'
    source.write_text("var a = `\n  // kept\n`;\n", encoding="utf-8")
    assert files.script(source) == "var a = `\n  // kept\n`;\n"
