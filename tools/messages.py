"""The catalogues: gather what must be translated, check that nothing is missing, compile.

    python tools/messages.py            gather msgids into locale/en, compile both catalogues
    python tools/messages.py --check    say what is missing, unmarked or not compiled; exit 1

Our msgids are Vietnamese, so `en` translates ours and `vi` translates what the packages we use
say in English (Django leaves gaps, django-allauth has no Vietnamese). Needs no system gettext.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import polib
from django.conf import settings
from django.template.base import Lexer, Token, TokenType
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "xaso/locale"
VIETNAMESE = re.compile(
    r"[ăâđêôơưĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]"
)

OUR_NAME = "Xã Số"  # the same in every language

# Which arguments of a function are msgid, plural and context.
FUNCTIONS = {
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "npgettext": (1, 2, 0),
    "npgettext_lazy": (1, 2, 0),
}
CALLS = re.compile(r"\b(gettext|ngettext|pgettext|npgettext|_)\(")
# Sentences of packages that people here can meet: forms, pages, sign-in.
PACKAGES = {
    "django": ("forms", "core", "db/models", "http", "views", "utils", "contrib/auth"),
    "allauth": ("account", "mfa", "usersessions"),
    "axes": (".",),
}


@dataclass(frozen=True)
class Message:
    """What is translated: text, plural, context, and where it stands."""

    text: str
    plural: str = ""
    context: str = ""
    where: str = field(default="", compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """Return what names it in a catalogue."""
        return self.context, self.text


def in_python(source: str, where: str) -> Iterator[Message]:
    """Yield the messages of a Python source, whatever name it gave to gettext."""
    tree = ast.parse(source)
    names = {name: name for name in FUNCTIONS}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("translation"):
            names |= {a.asname or a.name: a.name for a in node.names if a.name in FUNCTIONS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in names:
                yield from _message(node, names[called], f"{where}:{node.lineno}")


def _message(call: ast.Call, function: str, where: str) -> Iterator[Message]:
    texts = [a.value if isinstance(a, ast.Constant) else None for a in call.args]
    at, plural_at, context_at = FUNCTIONS[function]
    if len(texts) > at and isinstance(texts[at], str):
        plural = texts[plural_at] if plural_at is not None and len(texts) > plural_at else ""
        context = texts[context_at] if context_at is not None else ""
        yield Message(str(texts[at]), str(plural or ""), str(context or ""), where)


def in_template(source: str, where: str) -> Iterator[Message]:
    """Yield the messages of a template, by Django's own reading of its tags."""
    # `templatize` answers something close to Python: calls among characters that mean nothing.
    text = templatize(source)
    for found in CALLS.finditer(text):
        name = "gettext" if found.group(1) == "_" else found.group(1)
        call = _call(name, text[found.end() :])
        if call is not None:
            yield from _message(call, name, where)


def _call(name: str, rest: str) -> ast.Call | None:
    """Return the call that begins here; its text may hold brackets itself, as in `%(day)s`."""
    for end in (at for at, letter in enumerate(rest) if letter == ")"):
        try:
            call = ast.parse(f"{name}({rest[:end]})", mode="eval").body
        except SyntaxError:
            continue
        return call if isinstance(call, ast.Call) else None
    return None


def sources(folder: Path) -> Iterator[Path]:
    """Yield our sources and templates that people can meet; tests speak for themselves."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".py", ".html", ".txt", ".svg", ".json"} and file.is_file():
            parts = file.relative_to(folder).parts
            if "tests" not in parts and "migrations" not in parts and "static" not in parts:
                yield file


def gathered(folder: Path) -> dict[tuple[str, str], Message]:
    """Return every message of a folder."""
    found: dict[tuple[str, str], Message] = {}
    for file in sources(folder):
        is_python = file.suffix == ".py"
        if not is_python and "templates" not in file.parts:
            continue
        where = file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.name
        text = file.read_text(encoding="utf-8")
        for message in (in_python if is_python else in_template)(text, where):
            if message.text:
                found.setdefault(message.key, message)
    return found


def unmarked(folder: Path) -> list[str]:
    """Return Vietnamese text in templates that nobody could translate."""
    return [
        f"{file.relative_to(ROOT)}:{token.lineno} {token.contents.strip()[:60]}"
        for file in sources(folder)
        if file.suffix != ".py" and "templates" in file.parts
        for token in _plain(Lexer(file.read_text(encoding="utf-8")).tokenize())
        if VIETNAMESE.search(token.contents.replace(OUR_NAME, ""))
    ]


def _plain(tokens: list[Token]) -> Iterator[Token]:
    """Yield text that stands outside `blocktranslate` and `comment`."""
    inside = ""
    for token in tokens:
        name = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
        if not inside and name in {"blocktranslate", "blocktrans", "comment"}:
            inside = f"end{name}"
        elif name and name == inside:
            inside = ""
        elif token.token_type == TokenType.TEXT and not inside:
            yield token


def catalogue(language: str) -> polib.POFile:
    """Return the catalogue of a language, empty if there is none yet."""
    path = LOCALE / language / "LC_MESSAGES/django.po"
    if path.exists():
        return polib.pofile(str(path), wrapwidth=100)
    path.parent.mkdir(parents=True, exist_ok=True)
    book = polib.POFile(wrapwidth=100)
    plural = "nplurals=1; plural=0;" if language == "vi" else "nplurals=2; plural=(n != 1);"
    book.metadata = {
        "Language": language,
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural,
    }
    book.fpath = str(path)
    return book


def merge(book: polib.POFile, messages: dict[tuple[str, str], Message]) -> None:
    """Put new messages into a catalogue and take out those nobody says any more."""
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in book}
    for key, entry in known.items():
        if key not in messages:
            book.remove(entry)
    for key, message in messages.items():
        if key not in known:
            known[key] = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
            book.append(known[key])
        entry = known[key]
        entry.occurrences = [(message.where.partition(":")[0], "")]
        if message.plural and not entry.msgid_plural:
            entry.msgid_plural, entry.msgstr_plural = message.plural, {0: "", 1: ""}
    book.sort(key=lambda entry: (entry.occurrences, entry.msgid))


def compile_all() -> None:
    """Write the `.mo` of both catalogues."""
    for language in ("en", "vi"):
        book = catalogue(language)
        book.save_as_mofile(str(LOCALE / language / "LC_MESSAGES/django.mo"))


def theirs() -> dict[tuple[str, str], Message]:
    """Return what the packages say, in English, where people here can meet it."""
    found: dict[tuple[str, str], Message] = {}
    for package, folders in PACKAGES.items():
        spec = find_spec(package)
        home = Path(spec.origin).parent if spec and spec.origin else None
        for folder in folders if home else ():
            found |= gathered(home / folder)  # type: ignore[operator]
    return found


def faults() -> list[str]:
    """Return everything that is not in order."""
    english = catalogue("en")
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in english if not entry.obsolete}
    wrong = [
        f"not translated: {m.text!r} ({m.where})" for k, m in _ours().items() if k not in known
    ]
    for book in (english, catalogue("vi")):
        name = book.metadata["Language"]
        wrong += [f"{name}: empty: {e.msgid!r}" for e in book if not e.translated()]
        wrong += [f"{name}: unsure: {e.msgid!r}" for e in book if e.fuzzy]
        wrong += [
            f"{name}: other places: {e.msgid!r}"
            for e in book
            if e.translated() and not _same_places(e)
        ]
        compiled = LOCALE / name / "LC_MESSAGES/django.mo"
        if not compiled.exists() or compiled.read_bytes() != book.to_binary():
            wrong.append(f"{name}: not compiled, run `python tools/messages.py`")
    return wrong + [f"not marked: {place}" for place in unmarked(ROOT / "xaso")]


def _same_places(entry: polib.POEntry) -> bool:
    """Return whether a translation has the `%(name)s` places of its message, and no others."""
    place = re.compile(r"%\(\w+\)[sdif]|\{\w+\}|%[sd]")
    asked = set(place.findall(entry.msgid)) | set(place.findall(entry.msgid_plural or ""))
    texts = [entry.msgstr, *entry.msgstr_plural.values()]
    return all(set(place.findall(text)) <= asked for text in texts) and any(
        set(place.findall(text)) == asked for text in texts if text
    )


def _ours() -> dict[tuple[str, str], Message]:
    return gathered(ROOT / "xaso")


def main() -> int:
    """Do what the command line asks."""
    settings.configure(USE_I18N=True)
    if "--check" in sys.argv:
        wrong = faults()
        print("\n".join(wrong) or "catalogues complete")
        return 1 if wrong else 0
    english = catalogue("en")
    merge(english, _ours())
    english.save(english.fpath)
    compile_all()
    missing = sum(not entry.translated() for entry in english)
    print(f"en: {len(english)} messages, {missing} without a translation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
