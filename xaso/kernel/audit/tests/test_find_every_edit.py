# ruff: noqa: S311  (seeded choices, our own statements)
"""A database superuser edits the log behind everybody's back; the check finds it."""

import random
from uuid import uuid4

import pytest
from django.db import connection

from xaso.kernel.audit import actions, queries
from xaso.kernel.audit.actors import NO_COMMUNE, SYSTEM
from xaso.kernel.audit.tests.conftest import in_vain, write

EDITS = 1_000
TEXTS = (
    "kind, actor_kind, actor_id, roles, channel, on_behalf_of, action, subject_type, subject_id, "
    "purpose, payload"
)
COLUMNS = f"commune_id, at, unit_id, {TEXTS}"


def _sql(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def _edit(rng: random.Random, lines: int) -> str:
    """Change, remove or insert exactly one row; return what was done."""
    seq = rng.randint(1, lines)
    here = "WHERE entry_id = (SELECT entry_id FROM audit_seal WHERE seq = %s AND commune_id <> %s)"
    line = here.replace("entry_id = (", "id = (")
    column = rng.choice(TEXTS.split(", "))
    kinds = [
        f"UPDATE audit_entry SET {column} = {column} || 'x' {line}",
        f"UPDATE audit_entry SET {column} = CASE {column} WHEN '' THEN 'y' ELSE '' END {line}",
        f"UPDATE audit_entry SET at = at + interval '1 microsecond' {line}",
        f"UPDATE audit_entry SET unit_id = CASE WHEN unit_id IS NULL THEN 1 END {line}",
        f"UPDATE audit_entry SET commune_id = '{uuid4()}' {line}",
        f"UPDATE audit_entry SET id = id + 1000000 {line}",
        f"DELETE FROM audit_entry {line}",
        f"INSERT INTO audit_entry ({COLUMNS}) SELECT {COLUMNS} FROM audit_entry {line}",
        f"UPDATE audit_seal SET hash = sha256(hash) {here}",
        f"UPDATE audit_seal SET prev = sha256(prev) {here}",
        f"UPDATE audit_seal SET seq = seq + 1000000 {here}",
        f"UPDATE audit_seal SET sealed_at = sealed_at + interval '1 microsecond' {here}",
        f"UPDATE audit_seal SET commune_id = '{uuid4()}' {here}",
        f"UPDATE audit_seal SET entry_id = entry_id + 1000000 {here}",
        f"DELETE FROM audit_seal {here}",
        (
            "INSERT INTO audit_seal SELECT entry_id + 1000000, commune_id, seq + 1000000, "
            f"sealed_at, prev, hash FROM audit_seal {here}"
        ),
    ]
    statement = rng.choice(kinds)
    assert _sql(statement, seq, NO_COMMUNE) == 1, statement
    return f"{statement} at {seq}"


def test_every_random_edit_of_one_row_is_found(binh_lu, as_superuser, committed) -> None:
    write(binh_lu, 149)
    while actions.seal():
        pass
    as_superuser()
    assert queries.verify() == []
    rng = random.Random(20261123)
    for _turn in range(EDITS):
        with in_vain():
            done = _edit(rng, 150)
            assert queries.verify(), done
    assert queries.verify() == []


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE audit_chain SET seq = seq + 1",
        "UPDATE audit_chain SET seq = seq - 1",
        "UPDATE audit_chain SET hash = sha256(hash)",
        "DELETE FROM audit_chain",
        "UPDATE audit_dailyseal SET root = sha256(root)",
        "UPDATE audit_dailyseal SET heads = heads || 'x'",
        "UPDATE audit_dailyseal SET heads = 'x'",
        "UPDATE audit_dailyseal SET at = at + interval '1 microsecond'",
        "UPDATE audit_dailyseal SET day = day - 1",
        "DELETE FROM audit_dailyseal",
        "INSERT INTO audit_dailyseal SELECT day - 1, at, heads, root FROM audit_dailyseal",
    ],
)
def test_heads_and_daily_roots_cannot_be_forged(
    edit: str, binh_lu, as_superuser, committed
) -> None:
    write(binh_lu, 3)
    actions.keep_sealed()
    actions.seal()
    as_superuser()
    assert queries.verify() == []
    with in_vain():
        assert _sql(edit) >= 1
        assert queries.verify(), edit


def test_cutting_off_the_newest_lines_and_forging_the_head_is_found_by_the_closed_day(
    binh_lu, as_superuser, committed
) -> None:
    write(binh_lu, 9)
    actions.keep_sealed()
    as_superuser()
    for statement in (
        "DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM audit_seal WHERE seq > 5)",
        "DELETE FROM audit_seal WHERE seq > 5",
        (
            "UPDATE audit_chain c SET seq = 5, hash = s.hash FROM audit_seal s"
            " WHERE s.commune_id = c.commune_id AND s.seq = 5"
        ),
    ):
        _sql(statement)
    reasons = [fault.reason for fault in queries.verify(binh_lu.id)]
    assert reasons == ["of a closed day is gone"]


def test_a_fault_names_the_row(binh_lu, as_superuser, committed) -> None:
    ids = write(binh_lu, 4)
    actions.seal()
    as_superuser()
    _sql("UPDATE audit_entry SET action = 'test.undone' WHERE id = %s", ids[1])
    (fault,) = queries.verify(binh_lu.id)
    assert (fault.commune, fault.row) == (binh_lu.id, f"line {ids[1]}")


def test_what_a_superuser_breaks_stays_broken_while_work_goes_on(
    binh_lu, as_superuser, committed
) -> None:
    write(binh_lu, 4)
    actions.seal()
    as_superuser()
    _sql("DELETE FROM audit_seal WHERE seq = 5")
    write(binh_lu, 3)
    actions.seal()
    assert "seal 5" in {fault.row for fault in queries.verify(binh_lu.id)}


def test_an_event_of_the_installation_has_its_own_chain(binh_lu, committed) -> None:
    actions.record("identity.signed_in", binh_lu, by=SYSTEM, commune=None)
    actions.seal()
    assert NO_COMMUNE in queries.communes()
    assert queries.verify(NO_COMMUNE) == []
