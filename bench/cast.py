"""Who is there to ask for: communes, codes, villages and one signed-in officer each.

Run as `python -m bench.cast` in a town's environment; prints JSON.
"""

import json
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
os.environ["XASO_POOL"] = "0"

import django

django.setup()

from django.test import Client

from xaso.kernel.identity.models import Official
from xaso.kernel.places.models import Commune, Village
from xaso.kernel.tenancy import actions as tenancy
from xaso.reports.models import OPEN, Report, Visibility

CODES = 40


def main() -> None:
    """Print one entry per commune that has reports to ask for."""
    everybody = [_of(commune) for commune in Commune.objects.order_by("slug")]
    print(json.dumps([each for each in everybody if each["public"] and each["open"]]))


def _of(commune: Commune) -> dict[str, object]:
    officer = Official.objects.filter(home=commune, username__endswith=".vanphong").get()
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    with tenancy.inside(commune.id):
        rows = Report.objects.filter(commune=commune)
        public = rows.filter(visibility=Visibility.PUBLIC).order_by("-received_at")
        return {
            "slug": commune.slug,
            "reports": rows.count(),
            "public": list(public.values_list("code", flat=True)[:CODES]),
            "open": list(rows.filter(state__in=OPEN).values_list("code", flat=True)[:CODES]),
            "villages": list(
                Village.objects.filter(commune=commune).values_list("code", flat=True)
            ),
            "cookie": browser.cookies["xaso"].value,
        }


if __name__ == "__main__":
    main()
