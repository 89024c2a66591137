"""Columns go to the database as one text each and come out as they were."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from xaso.population.actions.bulk import packed

pytestmark = pytest.mark.django_db
KEY = UUID("0190c3b0-7e59-7a3e-8f0e-1d2c3b4a5968")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", ["Lò Thị Mẩy", "a,b", "{c}", "NULL", "", " d "]),
        ("text", ['","', 'e"', "f"]),
        ("text", ["g\\", '\\"', "h"]),
        ("text", ["i", None, 'j"\\']),
        ("text", [""]),
        ("text", [None]),
        ("text", []),
        ("int", [1, 2, None]),
        ("bytea", [b"\x00\xff", b"", None]),
        ("uuid", [KEY, None]),
        ("date", [date(2026, 11, 28), None]),
        ("bool", [True, False]),
    ],
)
def test_values_come_out_as_they_went_in(kind: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT unnest(%s::{kind}[])", [packed(values)])
        found = [bytes(v) if kind == "bytea" and v is not None else v for (v,) in cursor]
    assert found == values
