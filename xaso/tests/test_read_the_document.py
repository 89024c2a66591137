"""A developer reads one document of every route."""

import json
import re

import pytest
from django.urls import resolve

from xaso.config.api import SHARED, api
from xaso.kernel.open_api import assembly, problems
from xaso.kernel.web import errors

VIETNAMESE = re.compile("[à-ỹđ]", re.IGNORECASE)


@pytest.fixture(scope="module")
def document() -> dict:
    return json.loads(json.dumps(assembly.document(api, shared=SHARED), default=str))


def test_the_document_is_one_and_lies_at_no_commune(client, binh_lu) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    body = answer.json()
    assert body["openapi"] == "3.1.0"
    assert body["servers"][0]["url"] == "/{commune}/api/v1"
    assert body["info"]["license"]["identifier"] == "Apache-2.0"
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get("/binh-lu/api/v1/openapi.json").json() == body


def test_every_route_is_described_in_vietnamese(document) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method == "servers":
                continue
            where = f"{method} {path}"
            assert VIETNAMESE.search(operation["summary"]), where
            assert VIETNAMESE.search(operation.get("description", "")), where
            assert operation.get("tags"), where
            for status in ("404", "422", "429", "503"):
                assert status in operation["responses"], where


def test_operations_have_names_of_their_own(document) -> None:
    names = [
        operation["operationId"]
        for operations in document["paths"].values()
        for method, operation in operations.items()
        if method != "servers"
    ]
    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere(document) -> None:
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)):
        place = document
        for part in reference.split("/"):
            place = place[part]


def test_every_described_route_is_served(document) -> None:
    for path, operations in document["paths"].items():
        is_shared = "servers" in operations
        urlconf = "xaso.config.urls_shared" if is_shared else "xaso.config.urls"
        filled = re.sub(r"\{[^}]+\}", "1", path)
        uuid = re.sub(r"\{[^}]+\}", "7d9f0c1e-0000-4000-8000-000000000000", path)
        sha = re.sub(r"\{[^}]+\}$", "0" * 64, uuid)
        assert any(_leads(f"/api/v1{p}", urlconf) for p in (filled, uuid, sha)), path


def _leads(path: str, urlconf: str) -> bool:
    from django.urls import Resolver404

    try:
        return bool(resolve(path, urlconf))
    except Resolver404:
        return False


def test_our_error_pages_and_the_api_speak_of_the_same_codes() -> None:
    assert {status: problems.USUAL[status][0] for status in errors.CODES} == errors.CODES
