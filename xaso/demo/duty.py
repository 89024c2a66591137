"""Puts people of a demo commune on the duty roster: one at the office, one who decides."""

from datetime import date, timedelta

from xaso.demo.towns import BY, Town
from xaso.kernel.tenancy import actions as tenancy
from xaso.reports import actions as reports

_FIRST = ("motcua", "vanphong", "tiepdan", "congan")
_SECOND = ("phochutich", "chutich")
DAYS_BEFORE, DAYS_AHEAD = 7, 21


def roster(town: Town, today: date) -> None:
    """Fill four weeks around today; each person has the day and the night."""
    with tenancy.inside(town.id):
        for number in range(-DAYS_BEFORE, DAYS_AHEAD):
            day = today + timedelta(days=number)
            for order, group in enumerate((_FIRST, _SECOND), 1):
                person = town.officials[group[day.toordinal() % len(group)]]
                shift = reports.NewShifts(person.pk, day, day, order=order)
                reports.add_shifts(shift, commune=town.commune, by=BY)
