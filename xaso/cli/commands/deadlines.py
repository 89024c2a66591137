"""working-time explain: when something is due, and why on that day."""

import argparse
from datetime import datetime

from xaso.cli import django_side
from xaso.cli.parsing import Commands, option
from xaso.cli.words import Trouble, Words
from xaso.kernel.working_time.calendar import Calendar

FORMATS = ("%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M")


def add(commands: Commands) -> None:
    """Add the commands of this group."""
    group = commands.group("working-time", "Giờ làm việc và thời hạn", "Working time and terms")
    parser = group.add("explain", explain, "Hẹn ngày nào, vì sao", "When it is due, and why")
    start = Words("lúc nhận, ví dụ '2026-08-21 09:00'", "received at, as '2026-08-21 09:00'")
    parser.add_argument("start", help=str(start))
    term = Words(
        "40h giờ, 5wd ngày làm việc, 30d ngày, 1m tháng", "40h, 5wd, 30d, 1m or 'trong ngày'"
    )
    parser.add_argument("term", nargs="+", help=str(term))
    option(
        parser,
        "--commune",
        "theo lịch của xã này (binh-lu); không có thì theo lịch có sẵn",
        "by this commune's calendar (binh-lu); else by the built-in one",
    )


def explain(options: argparse.Namespace) -> int:
    """Print the due time and the days it ran through; needs a database only for a commune."""
    start, term = _start(options.start), " ".join(options.term)
    if not options.commune:
        django_side.without_database()
        return _tell(start, term, "")
    with django_side.with_database():
        return _tell(start, term, options.commune)


def _tell(start: datetime, term: str, slug: str) -> int:
    """Print the explanation by a commune's calendar, or by the built-in one."""
    from xaso.kernel.refusals import Refusal  # noqa: PLC0415  # needs the apps to be ready
    from xaso.kernel.working_time import queries, telling, terms  # noqa: PLC0415

    try:
        unit, n = terms.parse(term)
    except ValueError:
        raise Trouble(
            f"Không hiểu thời hạn {term!r}. Ví dụ: 40h, 5wd, 30d, 1m, 'trong ngày'.",
            f"The term {term!r} is not understood. For example: 40h, 5wd, 30d, 1m.",
        ) from None
    try:
        calendar = _calendar(slug) if slug else None
        why = queries.explain_term(start, unit, n, calendar)
    except Refusal as refusal:
        raise Trouble(str(refusal.sentence), str(refusal.sentence)) from None
    print("\n".join(telling.lines(why)))
    return 0


def _calendar(slug: str) -> Calendar:
    """Return the newest published calendar of a commune."""
    from xaso.kernel.places import queries as places  # noqa: PLC0415
    from xaso.kernel.tenancy import actions as tenancy  # noqa: PLC0415
    from xaso.kernel.working_time import queries  # noqa: PLC0415

    commune = places.commune_by_slug(slug)
    if commune is None:
        raise django_side.refuse_unknown_commune(slug)
    with tenancy.inside(commune.id):
        return queries.calendar(commune.id)


def _start(text: str) -> datetime:
    """Read the moment of receipt as the commune's wall clock shows it."""
    for form in FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  # the engine counts local time
        except ValueError:
            continue
    raise Trouble(
        f"Không hiểu lúc nhận {text!r}. Ví dụ: '2026-08-21 09:00'.",
        f"The moment {text!r} is not understood. For example: '2026-08-21 09:00'.",
    )
