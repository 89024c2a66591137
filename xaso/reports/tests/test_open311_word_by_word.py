"""The examples of the contract, byte by byte."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity.models import Unit
from xaso.kernel.places import actions as places
from xaso.kernel.places.models import Commune
from xaso.kernel.working_time import clock
from xaso.reports import actions
from xaso.reports.models import Catalogue, Category, CategoryQuestion, Report
from xaso.reports.open311 import documents
from xaso.reports.tests.conftest import MONDAY
from xaso.reports.tests.open311_stories import *  # noqa: F403  (fixtures)
from xaso.reports.tests.open311_stories import Ask, Office

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).resolve().parents[4] / "shared/data/open311_examples"


def golden(name: str) -> Any:
    if not FOLDER.exists():
        pytest.skip("the examples of the contract are not here")
    text = (FOLDER / name).read_text(encoding="utf-8")
    return json.loads(text) if name.endswith(".json") else text.rstrip("\n")


@pytest.mark.parametrize(
    ("name", "root"),
    [
        ("services", "services"),
        ("request", "service_requests"),
        ("post_response", "service_requests"),
        ("error_400", "errors"),
    ],
)
def test_one_value_gives_both_documents(name: str, root: str) -> None:
    value = golden(f"{name}.json")
    assert documents.written("xml", root, value).decode() == golden(f"{name}.xml")
    assert json.loads(documents.written("json", root, value)) == value


@pytest.fixture
def as_in_the_contract(town: Commune) -> Commune:
    """The commune takes what the examples take."""
    for code, name, hint, words, group in (
        (
            "ROAD-BLOCKED",
            "Sạt lở, tắc đường",
            "Đất đá, cây đổ chắn đường",
            "sạt lở, cây đổ, tắc đường",
            "Giao thông",
        ),
        ("WASTE", "Rác thải", "", "rác, xác động vật", "Môi trường"),
    ):
        row = Category.objects.get(code=code)
        Category.objects.filter(pk=row.parent_id).update(name=group)
        Category.objects.filter(pk=row.pk).update(name=name, hint=hint, keywords=words)
    Category.objects.exclude(code__in=("ROAD-BLOCKED", "WASTE")).update(is_active=False)
    CategoryQuestion.objects.filter(code="PASSABLE").update(is_required=True)
    Catalogue.objects.update(stamp=uuid4())
    return town


def test_services_and_their_definition(as_in_the_contract: Commune, get: Ask) -> None:
    assert get("services.json").json() == golden("services.json")
    assert get("services.xml").content.decode() == golden("services.xml")
    assert get("services/ROAD-BLOCKED.json").json() == golden("service_definition.json")


def test_errors(as_in_the_contract: Commune, post: Ask) -> None:
    assert post({"api_key": None}).json() == golden("error_403.json")
    wrong = {"lat": None, "long": None, "attribute[PASSABLE]": None}
    assert post(wrong).json() == golden("error_400.json")
    assert post(wrong, path="requests.xml").content.decode() == golden("error_400.xml")


def test_a_request_sent_and_read(
    as_in_the_contract: Commune, get: Ask, post: Ask, office: Office
) -> None:
    town, unit = as_in_the_contract, office.unit
    new = places.NewVillage("BL-07", "bản", "Nà Tăm", 22.31701, 103.63019)
    places.add_village(town, new, by=SYSTEM)
    Unit.objects.filter(pk=unit.pk).update(name="Tổ giao thông xã Bình Lư")
    text = "Đường sạt lở ở bản Nà Tăm, xe không qua được"
    sent = post({"description": text, "address_string": "Cạnh nhà văn hóa"})
    expected = golden("post_response.json")
    code = sent.json()[0]["service_request_id"]
    expected[0]["service_request_id"] = code
    assert sent.json() == expected
    report = Report.objects.get()
    actions.publish(report, text, by=office.clerk)
    office.accept(report)
    with clock.at(MONDAY + timedelta(minutes=35)):
        actions.start(report, by=office.head)
    (row,) = get(f"requests/{code}.json").json()
    (wanted,) = golden("request.json")
    assert list(row) == list(wanted)
    own = {"service_request_id": code, "media_url": None}
    assert row == wanted | own
