"""How fast retention erases: rows a second of each step, when all reports are too old.

Run as `python -m bench.forgetting` in a town's environment; prints JSON. Everything is undone
afterwards, so that the town stays as it is; files are dropped only after a commit, so not here.
"""

import json
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
os.environ["XASO_POOL"] = "0"

import django

django.setup()

from datetime import timedelta

from django.db import transaction

from bench.inside import COMMUNE
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.working_time import clock
from xaso.reports.actions import forgetting
from xaso.reports.models import ErasureRun, Tombstone

YEARS = timedelta(days=365 * 7)


def main() -> None:
    """Erase all that is due seven years from now, tell the pace of each step, undo it."""
    commune = Commune.objects.get(slug=COMMUNE)
    with transaction.atomic(), clock.at(clock.now() + YEARS):
        forgetting.forget_now(commune.id)
        with tenancy.inside(commune.id):
            runs = ErasureRun.objects.filter(commune=commune, rows__gt=0)
            told = {run.rule: {"rows": run.rows, "seconds": run.seconds} for run in runs}
            told["tombstones"] = {"rows": Tombstone.objects.count(), "seconds": 0.0}
        transaction.set_rollback(True)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
