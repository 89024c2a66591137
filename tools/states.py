"""Write the transition table of reports as a page of the documentation.

python tools/states.py            write docs/rooms/reports-states.md
python tools/states.py --check    exit 1 when the page is not what the table says
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "rooms" / "reports-states.md"
KEYS = ("XASO_SECRET_KEY", "XASO_FIELD_KEY", "XASO_INDEX_KEY")
HEAD = """# States and steps of a report

Made by `python tools/states.py` from `xaso/reports/states.py`; do not edit by hand. *Who* names
hats, which are worn for one report: resident (its sender), helper, duty, unit, lead, supervisor,
system. `same` keeps the state; `-` in *from* is a report that does not exist yet, in *clock* no
effect on the resident's clock. The room: [reports](reports.md).

"""


def page() -> str:
    """Return the page; the table's words are Vietnamese, as people see them."""
    from django.utils import translation  # noqa: PLC0415  # after the environment is set

    from xaso.kernel.workflow import rendering  # noqa: PLC0415
    from xaso.reports import states  # noqa: PLC0415

    with translation.override("vi"):
        return HEAD + rendering.markdown(states.TABLE)


def main(arguments: list[str]) -> int:
    """Write the page, or compare it."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    for name in KEYS:  # nothing is sealed or signed here, yet settings refuse to be without keys
        os.environ.setdefault(name, "for-the-page-only-for-the-page-only-0")
    import django  # noqa: PLC0415

    django.setup()
    if "--check" in arguments:
        return int(not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
