"""From a draft to an issued document: who may, what is frozen, what happens when devices fail."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from xaso.documents import actions, queries, states
from xaso.documents.actions import moving
from xaso.documents.models import Certificate, Document, Number, State
from xaso.documents.refusals import AlreadyAsked, MissingData, NoCertificate
from xaso.documents.signing import engine
from xaso.documents.tests.conftest import CLERK, MONDAY, actor
from xaso.kernel.attachments import queries as files
from xaso.kernel.audit import queries as audit
from xaso.kernel.jobs import actions as jobs
from xaso.kernel.jobs import queries as waiting
from xaso.kernel.refusals import Invalid
from xaso.kernel.workflow.table import GuardRefused, NotAllowed, NotYours
from xaso.kernel.working_time import clock


def test_a_document_goes_all_the_way(issued, leader):
    document = issued()
    assert (document.state, document.number.shown) == (State.ISSUED, "01/UBND-VP")
    report = document.reports.latest("id")
    assert report.result == "valid", report.report
    kinds = [(e.seq, e.kind) for e in document.events.all()]
    assert [kind for _seq, kind in kinds] == [
        "draft", "submit", "approve", "number", "sign", "seal", "issue",
    ]  # fmt: skip
    assert [seq for seq, _kind in kinds] == list(range(1, 8))
    frozen, signed, original = (
        files.content(file) for file in (document.frozen, document.signed, document.original)
    )
    assert signed.startswith(frozen)  # nothing of what was looked at was written anew
    assert original[: len(signed)] == signed
    holders = [mark["holder"] for mark in report.report["marks"]]
    assert holders == ["Giàng A Mẫu", "UBND Xã Bình Lư"]
    assert all(mark["is_stamped"] for mark in report.report["marks"])
    assert audit.history(document, commune=document.commune_id)


def test_the_same_key_is_the_same_document(signing, apology):
    new = apology()
    one = actions.submit_for_signature(new, commune=signing, by=CLERK)
    assert actions.submit_for_signature(new, commune=signing, by=CLERK).pk == one.pk
    assert Number.objects.count() == 0  # the number comes with the approval


def test_what_cannot_be_printed_is_refused_before_a_number_is_taken(signing, apology, official):
    with pytest.raises(MissingData):
        actions.submit_for_signature(apology(data={}), commune=signing, by=CLERK)
    with pytest.raises(Invalid):
        actions.submit_for_signature(apology(kind="thu-tinh"), commune=signing, by=CLERK)
    clerk = official("one_stop_clerk", signing)
    with pytest.raises(Invalid):
        actions.submit_for_signature(apology(signer=clerk), commune=signing, by=CLERK)
    assert Document.objects.count() == 0


def test_only_the_signer_named_on_it_approves_returns_and_signs(signing, apology, leader, official):
    new = apology()
    actions.submit_for_signature(new, commune=signing, by=CLERK)
    other = actor(official("leader", signing), "leader")
    for by in (CLERK, other):
        with pytest.raises(NotYours):
            actions.approve(new.uuid, commune=signing, by=by)
    with pytest.raises(GuardRefused, match="lý do"):
        actions.send_back(new.uuid, " ", commune=signing, by=actor(leader, "leader"))
    back = actions.send_back(new.uuid, "Sai tên bản", commune=signing, by=actor(leader, "leader"))
    assert back.state == State.RETURNED
    again = actions.resubmit(new.uuid, new.data, commune=signing, by=CLERK)
    assert (again.state, again.reason) == (State.SUBMITTED, "")


def test_a_signer_signs_exactly_the_bytes_they_saw(frozen, leader):
    document, me = frozen(), actor(leader, "leader")
    with pytest.raises(GuardRefused):
        actions.ask_to_sign(document.uuid, "0" * 64, commune=document.commune, by=me)
    sha256 = document.frozen.sha256
    asked = actions.ask_to_sign(document.uuid, sha256, commune=document.commune, by=me)
    assert asked.is_asked
    with pytest.raises(AlreadyAsked):
        actions.ask_to_sign(document.uuid, sha256, commune=document.commune, by=me)


def test_jobs_do_it_and_tell_the_room_above(committed, binh_lu, settings, tmp_path, official):
    """The whole way by committed transactions: approve, freeze, sign, seal, follow up."""
    from uuid import uuid4

    from xaso.documents import builtin
    from xaso.kernel.audit.actors import SYSTEM
    from xaso.kernel.jobs.actions import task
    from xaso.kernel.tenancy import actions as tenancy

    settings.XASO_HOME = tmp_path
    told = []
    task("documents.test_follow_up")(
        lambda *, commune, document, state: told.append((document, state))
    )
    leader = official("leader", binh_lu)
    sample = {k: v for k, v in builtin.sheets()["mau-05"].sample.items() if k != "number"}
    new = actions.NewDocument(
        uuid4(), "thong-bao", "mau-05", "Dừng giải quyết", leader, "CHỦ TỊCH", sample,
        follow_up="documents.test_follow_up",
    )  # fmt: skip
    me = actor(leader, "leader")
    with tenancy.inside(binh_lu.id):
        actions.set_up_demo([leader], commune=binh_lu, by=SYSTEM)
        actions.submit_for_signature(new, commune=binh_lu, by=CLERK)
        actions.approve(new.uuid, commune=binh_lu, by=me)
    jobs.do_now()
    with tenancy.inside(binh_lu.id):
        document = Document.objects.select_related("frozen").get()
        actions.sign_many([(new.uuid, document.frozen.sha256)], commune=binh_lu, by=me)
    jobs.do_now()
    with tenancy.inside(binh_lu.id):
        actions.ask_to_seal(new.uuid, commune=binh_lu, by=CLERK)
    jobs.do_now()
    with tenancy.inside(binh_lu.id):
        document = Document.objects.get()
        assert (document.state, document.trouble) == (State.ISSUED, "")
        assert queries.signature_status(new.uuid, commune=binh_lu).is_issued
    assert told == [(str(new.uuid), "issued")]
    assert not waiting.dead(10)


def test_a_device_that_says_no_leaves_everything_where_it_stood(frozen, leader):
    document = frozen()
    Certificate.objects.filter(kind="person").update(holder="failing")
    after = actions.sign(document.uuid, commune=document.commune, by=actor(leader, "leader"))
    assert (after.state, after.is_asked) == (State.NUMBERED, False)
    assert "thiết bị ký chưa kết nối" in after.trouble
    Certificate.objects.filter(kind="person").update(holder="absent")
    assert actions.sign(document.uuid, commune=document.commune, by=CLERK).state == State.NUMBERED
    Certificate.objects.filter(kind="person").update(holder="demo")
    me = actor(leader, "leader")
    assert actions.sign(document.uuid, commune=document.commune, by=me).state == State.SIGNED


def test_without_a_certificate_that_counts_nobody_signs(frozen, leader):
    document, me = frozen(), actor(leader, "leader")
    row = Certificate.objects.get(kind="person")
    with pytest.raises(Invalid):
        actions.end_certificate(row, "", by=CLERK)
    actions.end_certificate(row, "Mất thiết bị", by=CLERK)
    with pytest.raises(NoCertificate):
        actions.ask_to_sign(document.uuid, document.frozen.sha256, commune=document.commune, by=me)
    later = clock.at(MONDAY + timedelta(days=4 * 365))
    Certificate.objects.update(ended_at=None)
    with later, pytest.raises(NoCertificate):
        actions.ask_to_sign(document.uuid, document.frozen.sha256, commune=document.commune, by=me)


def test_a_number_that_is_not_signed_is_given_up(frozen, leader):
    document = frozen()
    gone = actions.void_document(
        document.uuid, "Không ký trong ngày", commune=document.commune, by=CLERK
    )
    assert gone.state == State.VOID
    assert Number.objects.get().state == "void"
    with pytest.raises(NotAllowed):
        moving.moved(gone, "seal", by=CLERK)
    assert frozen().number.number == 2


def test_an_issued_document_is_recalled_or_replaced_and_never_changed(issued, leader):
    one, two = issued(), issued()
    me = actor(leader, "leader")
    with pytest.raises(NotYours):
        actions.recall(one.uuid, "Sai căn cứ", commune=one.commune, by=CLERK)
    with pytest.raises(Invalid):
        actions.replace(one.uuid, one.uuid, commune=one.commune, by=me)
    replaced = actions.replace(one.uuid, two.uuid, commune=one.commune, by=me)
    assert (replaced.state, replaced.replaced_by_id) == (State.REPLACED, two.pk)
    assert actions.recall(two.uuid, "Sai căn cứ", commune=one.commune, by=me).state == "recalled"
    seen = queries.by_check_code(one.code, commune=one.commune)
    assert seen.replaced_by.code == two.code


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE documents_documentevent SET kind = 'x'",
        "DELETE FROM documents_documentevent",
        "UPDATE documents_document SET state = 'recalled', reason = ''",
        "UPDATE documents_document SET state = 'issued'",
        "UPDATE documents_document SET number_id = NULL",
    ],
)
def test_the_database_keeps_the_rules_itself(frozen, sql):
    frozen()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_table_is_whole():
    assert states.TABLE.check() == []


@given(st.lists(st.sampled_from([t.action for t in states.TABLE.transitions]), max_size=12))
def test_no_walk_reaches_issued_without_both_signatures(actions_taken):
    """Whatever is tried in whatever order, `issued` comes after number, sign and seal."""
    state, done = "", []
    for action in actions_taken:
        rows = [t for t in states.TABLE.from_state(state) if t.action == action]
        if rows:
            state = rows[0].lands(state)
            done.append(action)
    if state == State.ISSUED:
        order = [done.index(name) for name in ("approve", "number", "sign", "seal", "issue")]
        assert order == sorted(order)


def test_work_of_a_signature_ends_also_where_a_loop_runs() -> None:
    async def answer() -> int:
        return 7

    async def outer() -> int:
        return engine._finished(answer())

    with ThreadPoolExecutor(1) as apart:  # a browser's loop may run in this thread
        assert apart.submit(asyncio.run, outer()).result() == 7
