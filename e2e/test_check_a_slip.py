"""A phone checks a slip by itself: with a network, without one, and one a counter made offline."""

import subprocess
import sys

import pytest

from e2e.conftest import ROOT, SIZES

pytestmark = pytest.mark.browser
PAGE = "/binh-lu/kiem-tra/"
INSIDE = """
import django, json, sys
django.setup()
from xaso.documents import actions, queries
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.places.models import Commune
from xaso.kernel.tenancy import actions as tenancy
commune = Commune.objects.get(slug="binh-lu")
with tenancy.inside(commune.id):
    print(eval(sys.argv[1]))
"""


def at_the_server(town, ask: str) -> str:
    """Return what an expression says inside the commune, at the server."""
    done = subprocess.run(
        [sys.executable, "-c", INSIDE, ask],
        env=town.env,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip().splitlines()[-1]


def test_a_phone_checks_a_slip_with_and_without_a_network(town, chromium):
    code = at_the_server(
        town,
        "actions.sign_code('mau-01', 'H35.10.05-261123-0007',"
        " {'due': '2026-11-23T17:00:00+07:00'}, commune=commune)",
    )
    width, height = SIZES["phone"]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, base_url=town.base, locale="vi-VN"
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto("/binh-lu/")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")

    page.goto(f"{PAGE}#{code}")
    page.get_by_role("heading", name="Giấy thật").wait_for()
    assert "17:00" in page.inner_text("#kq-dong")
    assert page.locator("#quet").count() == 1

    # A counter's browser makes a key of its own and signs a provisional slip.
    jwk = page.evaluate("async () => xasoCode.publicHalf(self.pair = await xasoCode.makeKey())")
    at_the_server(
        town,
        f"actions.register_device('Quầy 2', {jwk!r}, commune=commune, by=SYSTEM).kid",
    )
    slip = page.evaluate(
        "() => xasoCode.sign(self.pair, 'mau-01', 'T-Q2-15', { expires: '2026-11-30' })"
    )
    said = at_the_server(town, f"queries.checked({slip!r}, commune=commune).is_genuine")
    assert said == "True"  # both programs speak the same
    page.reload()  # fetches the keys, with the new one
    page.get_by_role("heading", name="Giấy thật").wait_for()

    context.set_offline(True)  # the fibre is cut
    page.goto(f"{PAGE}?x#{slip}")
    page.get_by_role("heading", name="Giấy thật").wait_for()
    text = page.inner_text("#ket-qua")
    assert "Quầy 2" in text
    assert "không có mạng" in text

    changed = slip[:30] + ("A" if slip[30] != "A" else "B") + slip[31:]
    page.fill("#ma", changed)
    page.get_by_role("button", name="Kiểm tra").click()
    page.get_by_text("Không phải giấy của xã này").or_(
        page.get_by_text("Không đọc được mã")
    ).first.wait_for()
    assert page.get_by_role("heading", name="Giấy thật").count() == 0
    context.close()
