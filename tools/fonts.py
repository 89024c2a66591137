"""Cut the two fonts into what every page needs and the rest, which a browser fetches when it must.

    pip install fonttools brotli
    python tools/fonts.py

Reads xaso/kernel/web/fonts, writes xaso/kernel/web/static/web/fonts and prints the range of the
rest for tokens.css. Text is stored composed (NFC), so positions of loose marks are left out; the
body weight also goes without kerning, which nobody sees at 18 px.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

WEB = Path(__file__).resolve().parent.parent / "xaso/kernel/web"
# Capitals that begin sentences and names of places here; the others are rare.
CAPITALS = "ĐẢÁÀÂẤÊỂÍÔỐỒỔƠỞÙỦƯỨÝ"
SIGNS = "“”‘’…–·•\u00a0"
RARE_ASCII = "[\\]^`{|}~"
FEATURES = {"400": ["tnum"], "600": ["tnum", "kern"]}


def main() -> None:
    """Write four files."""
    for weight, features in FEATURES.items():
        source = WEB / "fonts" / f"be-vietnam-pro-vi-{weight}.woff2"
        known = [c for c in map(chr, TTFont(source).getBestCmap()) if not "\u0300" <= c <= "\u036f"]
        common = [c for c in known if is_common(c)]
        rest = [c for c in known if not is_common(c)]
        for name, letters, wanted in (("", common, features), ("-rest", rest, [])):
            file = WEB / "static/web/fonts" / f"be-vietnam-pro{name}-{weight}.woff2"
            cut(source, file, letters, wanted)
            sys.stdout.write(f"{file.name}: {len(letters)} letters, {file.stat().st_size} bytes\n")
    sys.stdout.write(f"unicode-range:{ranges(sorted(map(ord, rest)))}\n")


def is_common(letter: str) -> bool:
    """Return whether most pages hold a letter."""
    if letter.isascii():
        return letter not in RARE_ASCII
    return (letter.isalpha() and letter.islower()) or letter in CAPITALS + SIGNS


def cut(source: Path, file: Path, letters: list[str], features: list[str]) -> None:
    """Write a font with these letters alone."""
    options = subset.Options(
        layout_features=features, hinting=False, glyph_names=False, flavor="woff2", name_IDs=[1, 2]
    )
    font = TTFont(source)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(letters))
    cutter.subset(font)
    subset.save_font(font, str(file), options)


def ranges(codes: list[int]) -> str:
    """Return code points as CSS wants them."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in runs)


if __name__ == "__main__":
    main()
