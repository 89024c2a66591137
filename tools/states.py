"""Write the transition tables of the rooms as pages of the documentation.

python tools/states.py            write docs/rooms/<room>-states.md
python tools/states.py --check    exit 1 when a page is not what its table says
"""

import os
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEYS = ("XASO_SECRET_KEY", "XASO_FIELD_KEY", "XASO_INDEX_KEY")
REPORTS = """# States and steps of a report

Made by `python tools/states.py` from `xaso/reports/states.py`; do not edit by hand. *Who* names
hats, which are worn for one report: resident (its sender), helper, duty, unit, lead, supervisor,
system. `same` keeps the state; `-` in *from* is a report that does not exist yet, in *clock* no
effect on the resident's clock. The room: [reports](reports.md).

"""
DOSSIERS = """# States and steps of a dossier

Made by `python tools/states.py` from `xaso/dossiers/states.py`; do not edit by hand. *Who* names
hats, which are worn for one dossier: citizen, helper, counter, cashier, holder (has it in hand),
officer (of its unit), reviewer (head of the unit), leader, asked (a unit asked for its opinion),
system. `same` keeps the state; `-` in *from* is a dossier that does not exist yet, in *clock* no
effect on the two clocks. The room: [dossiers](dossiers.md).

National codes (TrangThaiHoSo): {codes}. Printed forms (Phụ lục I, TT 03/2025/TT-VPCP): {forms}.

The update of a copy from another system's list is no step of this table: it takes over whatever
that system says, for mirrors alone.

"""


def pages() -> dict[Path, str]:
    """Return every page; the tables' words are Vietnamese, as people see them."""
    from django.utils import translation  # noqa: PLC0415  # after the environment is set

    from xaso.kernel.workflow import rendering  # noqa: PLC0415

    with translation.override("vi"):
        made = {}
        for room, head in (("reports", REPORTS), ("dossiers", dossiers_head())):
            table = import_module(f"xaso.{room}.states").TABLE
            made[ROOT / "docs" / "rooms" / f"{room}-states.md"] = head + rendering.markdown(table)
        return made


def dossiers_head() -> str:
    """Return the words above the table of dossiers, with codes and forms."""
    states = import_module("xaso.dossiers.states")
    words = import_module("xaso.dossiers.models.words")
    codes = ", ".join(f"{state} {code or 'none'}" for state, code in words.NATIONAL.items())
    forms = ", ".join(
        f"`{action}` Mẫu {' + '.join(numbers)}" for action, numbers in states.FORMS.items()
    )
    return DOSSIERS.format(codes=codes, forms=forms)


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    for name in KEYS:  # nothing is sealed or signed here, yet settings refuse to be without keys
        os.environ.setdefault(name, "for-the-page-only-for-the-page-only-0")
    import django  # noqa: PLC0415

    django.setup()
    made = pages()
    if "--check" in arguments:
        return int(any(not p.is_file() or p.read_text("utf-8") != t for p, t in made.items()))
    for page, text in made.items():
        page.write_text(text, encoding="utf-8")
        print(page.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
