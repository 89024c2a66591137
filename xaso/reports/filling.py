"""Blanks of a template, `[tên tổ]`, and what an official puts into them."""

from collections.abc import Sequence

from xaso.reports.gate import BLANK


def blanks(text: str) -> list[str]:
    """Return the blanks of a text without their brackets, each once, in order."""
    return list(dict.fromkeys(found[1:-1].strip() for found in BLANK.findall(text)))


def filled(text: str, values: Sequence[str]) -> str:
    """Return the text with its blanks filled in their order; an empty value leaves its blank."""
    known = {name: value.strip() for name, value in zip(blanks(text), values, strict=False)}
    return BLANK.sub(lambda m: known.get(m.group()[1:-1].strip()) or m.group(), text)
