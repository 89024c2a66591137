"""Actions leave lines that nobody can write otherwise, and the sealer seals what is committed."""

import hashlib
import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string

from xaso.kernel.audit import actions, chain, queries
from xaso.kernel.audit.models import Entry, Seal
from xaso.kernel.audit.tests.conftest import CLERK, in_vain, write
from xaso.kernel.tenancy import actions as tenancy


def test_a_record_shows_what_was_done_to_it(inside_binh_lu) -> None:
    actions.record(
        "test.named",
        inside_binh_lu,
        by=CLERK,
        commune=inside_binh_lu.id,
        changes={"fields": ["name"]},
    )
    actions.view(inside_binh_lu, by=CLERK, commune=inside_binh_lu.id, purpose="gọi điện báo")
    newest, opened = queries.history(inside_binh_lu, commune=inside_binh_lu.id)
    assert (newest.action, newest.actor_id, newest.on_behalf_of) == ("test.named", "7", "device:9")
    assert newest.roles == ("officer", "one_stop_clerk")
    assert newest.changes == {"fields": ["name"]}
    assert not newest.sealed
    assert opened.action == "places.commune_opened"
    (look,) = queries.viewers(inside_binh_lu, commune=inside_binh_lu.id)
    assert look.purpose == "gọi điện báo"
    assert actions.seal() == 3
    assert all(line.sealed for line in queries.history(inside_binh_lu, commune=inside_binh_lu.id))


def test_the_history_of_a_record_is_drawn_from_plain_values(inside_binh_lu) -> None:
    write(inside_binh_lu, 1)
    lines = queries.history(inside_binh_lu, commune=inside_binh_lu.id)
    html = render_to_string("audit/parts/_history.html", {"lines": lines})
    assert "test.done" in html
    assert "chưa niêm phong" in html


def test_a_change_that_is_rolled_back_leaves_no_line(binh_lu) -> None:
    before = Entry.objects.count()
    with in_vain():
        write(binh_lu, 1)
    with tenancy.inside(binh_lu.id):
        assert Entry.objects.count() == before + 1  # opening the commune


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_entry SELECT * FROM audit_entry",
        "UPDATE audit_entry SET purpose = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "INSERT INTO audit_seal SELECT * FROM audit_seal",
        "DELETE FROM audit_seal",
        "UPDATE audit_chain SET seq = 0",
        "DELETE FROM audit_pending",
        "UPDATE audit_dailyseal SET heads = ''",
        "SELECT audit_seal_chain('00000000-0000-0000-0000-000000000000', 1)",
    ],
)
def test_the_application_writes_the_log_through_its_functions_only(
    statement, inside_binh_lu
) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal", "audit_dailyseal"])
def test_even_the_owner_cannot_edit_history(table, binh_lu, connect_as) -> None:
    write(binh_lu, 1)
    actions.keep_sealed()
    connect_as("xaso_owner")
    with pytest.raises(DatabaseError, match="append-only"), tenancy.inside(binh_lu.id):
        connection.cursor().execute(f"DELETE FROM {table}")
    with pytest.raises(DatabaseError, match="append-only"), tenancy.inside(binh_lu.id):
        connection.cursor().execute(f"TRUNCATE {table} CASCADE")


def test_nobody_writes_into_the_log_of_another_commune(inside_binh_lu, ban_bo) -> None:
    with pytest.raises(DatabaseError, match="belongs to the commune"), transaction.atomic():
        actions.record("test.done", ban_bo, by=CLERK, commune=ban_bo.id)


def test_the_neighbour_reads_nothing(binh_lu, ban_bo) -> None:
    write(binh_lu, 2)
    actions.seal()
    with tenancy.inside(ban_bo.id):
        assert queries.history(binh_lu, commune=binh_lu.id) == []
        assert not Seal.objects.exclude(commune_id=ban_bo.id).exists()


def test_a_chain_begins_with_its_commune_and_has_no_gap(inside_binh_lu) -> None:
    write(inside_binh_lu, 5)
    actions.seal()
    seals = list(Seal.objects.order_by("seq"))
    assert [seal.seq for seal in seals] == [1, 2, 3, 4, 5, 6]
    assert bytes(seals[0].prev) == hashlib.sha256(inside_binh_lu.id.bytes).digest()
    assert queries.verify(inside_binh_lu.id) == []


def test_a_transaction_that_commits_late_is_sealed_late_not_skipped(binh_lu, committed) -> None:
    written, may_commit = threading.Event(), threading.Event()
    late: list[int] = []

    def slow() -> None:
        with tenancy.inside(binh_lu.id):
            late.append(actions.record("test.late", binh_lu, by=CLERK, commune=binh_lu.id))
            written.set()
            may_commit.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(20)
    (early,) = write(binh_lu, 1)
    actions.seal()
    assert early > late[0]
    may_commit.set()
    thread.join(20)
    actions.seal()
    with tenancy.inside(binh_lu.id):
        assert list(Seal.objects.order_by("seq").values_list("entry_id", flat=True))[1:] == [
            early,
            late[0],
        ]
    assert queries.verify() == []


def test_two_sealers_at_once_make_one_chain(binh_lu, committed) -> None:
    write(binh_lu, 200)

    def work() -> None:
        for _turn in range(30):
            actions.seal(limit=20)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while actions.seal():
        pass
    assert queries.waiting() == 0
    assert queries.verify() == []


def test_the_day_is_closed_once_with_a_root_anyone_can_recompute(binh_lu, ban_bo) -> None:
    actions.seal()
    assert actions.close_days()
    assert not actions.close_days()
    (day,) = queries.daily_seals()
    heads = day.heads.split("\n")
    assert [line.split()[0] for line in heads] == sorted([str(binh_lu.id), str(ban_bo.id)])
    assert chain.root(heads) == bytes(day.root)
    assert queries.verify() == []


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_database_and_check_agree_on_the_root(count: int, db) -> None:
    lines = [f"xã {n}" for n in range(count)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_root(%s)", [lines])
        assert bytes(cursor.fetchone()[0]) == chain.root(lines)


def test_two_different_lines_never_give_the_same_bytes(binh_lu) -> None:
    from datetime import UTC, datetime

    at = datetime(2026, 11, 23, tzinfo=UTC)
    line = chain.Line(
        binh_lu.id, 1, at, "change", "official", "ab", "", None, "desk", "", "a", "b", "c", "", "{}"
    )
    moved = line._replace(actor_id="a", roles="b")
    assert chain.link(b"", 1, at, line) != chain.link(b"", 1, at, moved)
