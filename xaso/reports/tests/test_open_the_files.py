"""A file of a report opens for who reads reports; one of a sealed report, by digest, for nobody."""

import io

import pytest
from django.test import Client
from PIL import Image

from xaso.kernel.attachments import actions as attachments
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity.models import Consent
from xaso.reports import actions
from xaso.reports.models import Photo, Report
from xaso.reports.models.words import Visibility
from xaso.reports.tests.conftest import MONDAY, RESIDENT

pytestmark = pytest.mark.django_db
READERS = ("one_stop_clerk", "officer", "village_head", "community_team", "leader")


def _file(town, shade: int):
    file = io.BytesIO()
    Image.new("RGB", (640, 480), (shade, 90, 60)).save(file, "JPEG")
    file.seek(0)
    kept = attachments.store_photo(file, name="cau.jpg", commune=town, by=SYSTEM)
    return attachments.process(kept)


@pytest.fixture
def readers(town, official, client_of):
    return {role: client_of(official(role, town)) for role in (*READERS, "administrator")}


def test_the_photo_of_a_report_opens_for_its_readers(town, new_report, readers) -> None:
    report = actions.receive(new_report(), by=RESIDENT, commune=town).report
    file = _file(town, 20)
    Photo.objects.create(
        commune=town, report=report, attachment=file, sha256=file.sha256,
        state=Photo.State.RECEIVED, created_at=MONDAY,
    )  # fmt: skip
    path = f"/binh-lu/tep/{file.sha256}/320.jpg"
    seen = {role: client.get(path).status_code for role, client in readers.items()}
    assert seen == dict.fromkeys(READERS, 200) | {"administrator": 404}
    assert Client().get(path).status_code == 404


def test_what_a_sealed_report_was_sent_on_opens_by_no_digest(town, new_report, readers) -> None:
    report = actions.receive(new_report(), by=RESIDENT, commune=town).report
    file = _file(town, 30)
    given = Consent.objects.create(
        commune=town, subject_kind="device", subject="x", purpose="reports.help",
        text_version="1/vie", method="voice", evidence=file.sha256, given_at=MONDAY,
    )  # fmt: skip
    Report.objects.filter(pk=report.pk).update(consent_id=given.pk)
    path = f"/binh-lu/tep/{file.sha256}/320.jpg"
    assert readers["officer"].get(path).status_code == 200
    Report.objects.filter(pk=report.pk).update(visibility=Visibility.SEALED, text=None)
    assert {client.get(path).status_code for client in readers.values()} == {404}
