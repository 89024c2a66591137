"""Reports written without a network, replayed three times over one that cuts one transfer in three.

The long variant (`make chaos`) has 1,000 phones with three photos each, and prints what it saw.
"""

import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg
import pytest

from e2e.phone import Phone, Written
from e2e.weak_network import CUTS_ONE_IN_THREE, Fate, weak_network

pytestmark = pytest.mark.chaos
LONG = bool(os.environ.get("XASO_CHAOS"))
PHOTOS = 3
REPLAYS = 3


@pytest.mark.parametrize(
    "count", [30, pytest.param(1000, marks=pytest.mark.skipif(not LONG, reason="make chaos"))]
)
def test_each_report_and_each_photo_arrives_once(town, postgres_server, count, capsys):
    began, before = time.monotonic(), known(town, postgres_server)
    with weak_network("127.0.0.1", town.port, CUTS_ONE_IN_THREE) as network:
        outboxes = [filled(network.own_port, n) for n in range(count)]
        die = random.Random(count)  # noqa: S311  # repeatable
        for replay in range(REPLAYS):
            die.shuffle(outboxes)
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(lambda o: o[0].send(o[1], anew=bool(replay)), outboxes))  # noqa: B023
        seen = network.seen
    after = known(town, postgres_server)
    new = {name: after[name] - before[name] for name in after}
    transfers = sum(seen[fate] for fate in Fate)
    answers = sum((phone.seen for phone, _ in outboxes), Counter())
    with capsys.disabled():
        print(f"\n{count} reports x {PHOTOS} photos x {REPLAYS}: {new}")
        print(f"transfers {transfers}, cut {seen[Fate.CUT]}, answer lost {seen[Fate.LOST]}")
        print(f"answers {dict(answers)}, {time.monotonic() - began:.0f} s")
    each = count * PHOTOS
    assert new == {"reports": count, "texts": count, "photos": each, "files": each}
    assert all(len(written.codes) == 1 for _, written in outboxes)  # the same receipt each time
    assert 0.25 < (seen[Fate.CUT] + seen[Fate.LOST]) / transfers < 0.42


def filled(port: int, number: int) -> tuple[Phone, Written]:
    """Return a phone with one report in its outbox, each phone with an address of its own."""
    address = f"127.9.{number // 250}.{1 + number % 250}"
    phone = Phone(port, address, random.Random(number))  # noqa: S311  # repeatable
    return phone, phone.write(f"Mưa lở đường ở chỗ thứ {number}, xe không qua được.", PHOTOS)


def known(town, postgres_server) -> dict[str, int]:
    """Count what the server holds: reports, different texts, photos that came, stored files."""
    name = urlsplit(town.env["DATABASE_URL"]).path[1:]
    query = """
        SELECT (SELECT count(*) FROM reports_report WHERE channel = 'pwa'),
               (SELECT count(DISTINCT text) FROM reports_report WHERE channel = 'pwa'),
               (SELECT count(*) FROM reports_photo p JOIN reports_report r ON r.id = p.report_id
                 WHERE p.state = 'received' AND r.channel = 'pwa'),
               (SELECT count(*) FROM attachments_attachment a WHERE EXISTS (
                 SELECT FROM reports_photo p JOIN reports_report r ON r.id = p.report_id
                  WHERE p.attachment_id = a.id AND r.channel = 'pwa'))
    """
    with psycopg.connect(postgres_server.url(name, "postgres")) as database:
        row = database.execute(query).fetchone()
    return dict(zip(("reports", "texts", "photos", "files"), row, strict=True))
