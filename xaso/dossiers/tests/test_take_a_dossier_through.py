"""A dossier from the counter to the person's hand, and every way it can leave that road."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xaso.dossiers import actions, history, states
from xaso.dossiers.actions import Seen
from xaso.dossiers.models import (
    Component,
    Delivery,
    Dossier,
    DossierEvent,
    Finance,
    HandOver,
    State,
    Supplement,
)
from xaso.kernel.audit import queries as audit
from xaso.kernel.measures import queries as measures
from xaso.kernel.refusals import Invalid
from xaso.kernel.text.dates import ZONE, local
from xaso.kernel.workflow.table import GuardRefused, NotAllowed, NotYours
from xaso.kernel.workflow.walks import random_walks
from xaso.kernel.working_time import clock

pytestmark = pytest.mark.django_db
LAW = "Luật Hộ tịch 60/2014/QH13, điều 20"
WHY = "Thiếu văn bản cử người giám hộ"


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def slip(**more) -> actions.Slip:
    return actions.Slip([{"code": "GT02", "name": "Văn bản cử người giám hộ"}], WHY, LAW, **more)


def signed(leader, number="15", on=date(2026, 11, 26)) -> actions.Signed:
    return actions.Signed(number, "giam-ho", on, leader.pk)


def to_signing(dossier: Dossier, office) -> Dossier:
    there = actions.hand_over(
        dossier, actions.Handing("tham_dinh", office.officer.pk), by=office.officer_actor
    )
    return actions.hand_over(
        there, actions.Handing("trinh_ky", office.leader.pk), by=office.officer_actor
    )


def test_the_table_is_whole_and_walks_end() -> None:
    assert states.TABLE.check() == []
    reached = {
        step.target for walk in random_walks(states.TABLE, seed=7, count=400) for step in walk
    }
    assert reached == set(State.values)


def test_accepted_at_the_counter_numbered_promised_and_counted(dossier, office) -> None:
    assert dossier.state == State.ACCEPTED
    assert dossier.national_code == 2
    assert dossier.code.endswith("-261123-0001")
    assert local(dossier.promise_at) == at(27, 9)  # the 24th is a day off
    assert local(dossier.legal_at) == at(27, 17)
    assert dossier.finance == Finance.FREE
    events = list(dossier.events.all())
    assert [each.action for each in events] == ["lap", "nop", "tiep_nhan"]
    assert history.broken_at(events) is None
    sums = measures.total(
        "dossiers.received", office.commune.id, date(2026, 11, 23), date(2026, 11, 24)
    )
    assert sums.n == 1
    assert audit.history(dossier, commune=office.commune.id)[0].action == "dossier.tiep_nhan"


def test_the_same_dossier_sent_twice_is_one(new_dossier, office) -> None:
    new = new_dossier()
    first = actions.receive(new, by=office.clerk, commune=office.commune)
    again = actions.receive(new, by=office.clerk, commune=office.commune)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.dossier.pk == first.dossier.pk
    other = new_dossier(uuid=new.uuid, subject="khác")
    with pytest.raises(actions.OtherContent):
        actions.receive(other, by=office.clerk, commune=office.commune)


def test_nothing_is_accepted_with_a_paper_or_the_fees_missing(new_dossier, office) -> None:
    with pytest.raises(GuardRefused, match="Còn thiếu giấy tờ: Văn bản cử người giám hộ"):
        actions.receive(
            new_dossier(papers=(actions.Paper("GT01", sha256="b" * 64),)),
            by=office.clerk,
            commune=office.commune,
        )
    with pytest.raises(GuardRefused, match="Chưa chốt phí"):
        actions.receive(new_dossier(fees=None), by=office.clerk, commune=office.commune)
    with pytest.raises(Invalid) as refused:
        actions.receive(
            new_dossier(applicant=actions.Applicant("", phone="12")),
            by=office.clerk,
            commune=office.commune,
        )
    assert set(refused.value.errors) == {"name", "phone"}
    assert not Dossier.objects.exists()


def test_only_the_counter_accepts(new_dossier, office) -> None:
    draft = actions.open_draft(
        new_dossier(), by=office.officer_actor, commune=office.commune
    ).dossier
    assert draft.state == State.DRAFT
    with pytest.raises(NotYours):
        actions.receive(new_dossier(), by=office.leader_actor, commune=office.commune)


def test_from_hand_to_hand_to_the_result(working, office) -> None:
    assert working.state == State.IN_PROGRESS
    assert working.holder_id == office.officer.pk
    with clock.at(at(25, 9)):
        ready = to_signing(working, office)
    with clock.at(at(26, 10)):
        done = actions.sign(ready, signed(office.leader), by=office.leader_actor)
    assert done.state == State.RESOLVED
    assert done.delivery == Delivery.READY
    assert (done.on_time_internal, done.on_time_kpi) == (True, True)
    with clock.at(at(30, 10)):  # fetched after the promised day: nothing stands in the way
        back = actions.give_result(
            done, actions.Handed(Delivery.IN_PERSON, "ký nhận"), by=office.clerk
        )
    assert back.state == State.RETURNED
    lines = list(HandOver.objects.filter(dossier=back))
    assert [(each.from_step, each.to_step) for each in lines] == [
        ("", "phan_cong"), ("phan_cong", "tham_dinh"), ("tham_dinh", "trinh_ky"),
    ]  # fmt: skip
    assert lines[0].receiver_id == office.officer.pk
    assert lines[1].result == HandOver.InTime.LATE  # two hours advised, a day taken
    assert history.broken_at(list(back.events.all())) is None


def test_a_supplement_pauses_the_clock_once_a_leader_approves(working, office) -> None:
    with clock.at(at(25, 8)):
        asked = actions.propose_supplement(working, slip(), by=office.officer_actor)
        assert asked.state == State.IN_PROGRESS
        assert asked.paused_at is None
    with clock.at(at(25, 10)):
        waits = actions.approve_supplement(asked, by=office.leader_actor)
    assert waits.state == State.SUPPLEMENT
    assert waits.is_paused
    assert not waits.is_overdue(at(30, 9))
    with clock.at(at(27, 14)), pytest.raises(GuardRefused, match="Còn thiếu"):
        actions.complete(
            waits, actions.Completing("một bản", still_missing=["Văn bản cử"]), by=office.clerk
        )
    with clock.at(at(27, 14)):
        papers = (actions.Paper("GT02", sha256="c" * 64),)
        on = actions.complete(waits, actions.Completing("đủ giấy", papers), by=office.clerk)
    assert on.state == State.IN_PROGRESS
    assert local(on.promise_at) == at(1, 11, 30, month=12)  # 18 hours were given back
    assert local(on.first_promise_at) == at(27, 9)
    found = Supplement.objects.get(dossier=on)
    assert found.state == Supplement.State.RECEIVED
    assert found.promise_after == on.promise_at
    old, new = Component.objects.filter(dossier=on, code="GT02").order_by("id")
    assert old.replaced_by_id == new.pk


def test_a_second_supplement_is_warned_of_and_counts_late(working, office) -> None:
    for day in (25, 26):
        with clock.at(at(day, 9)):
            if day == 26:
                with pytest.raises(GuardRefused, match="lần yêu cầu bổ sung thứ hai"):
                    actions.request_supplement(working, slip(), by=office.leader_actor)
            waits = actions.request_supplement(
                working, slip(is_confirmed=True), by=office.leader_actor
            )
        with clock.at(at(day, 10)):
            working = actions.complete(waits, actions.Completing("đủ"), by=office.clerk)
    with clock.at(at(26, 14)):
        ready = to_signing(working, office)
        done = actions.sign(ready, signed(office.leader), by=office.leader_actor)
    assert done.on_time_internal is True
    assert done.on_time_kpi is False


def test_an_extension_once_in_time_with_an_apology(working, office) -> None:
    what = actions.Extending(at(2, 10, month=12), "Chờ xác minh ở bản xa", "Xã xin lỗi bà con")
    with clock.at(at(26, 9)):
        moved = actions.extend(working, what, by=office.leader_actor)
    assert local(moved.promise_at) == at(2, 10, month=12)
    assert local(moved.first_promise_at) == at(27, 9)
    later = actions.Extending(at(4, 10, month=12), "Đường sạt lở nặng", "Xã xin lỗi lần nữa")
    with clock.at(at(27, 9)):
        with pytest.raises(GuardRefused, match="Đã gia hạn một lần"):
            actions.extend(moved, later, by=office.leader_actor)
        override = actions.Extending(
            later.new_due, later.reason, later.apology, "Bão số 9, đường đứt hẳn"
        )
        actions.extend(moved, override, by=office.leader_actor)
    with clock.at(at(9, 9, month=12)), pytest.raises(GuardRefused, match="Đã quá hẹn"):
        actions.extend(moved, override, by=office.leader_actor)


def test_verification_takes_the_longer_term_of_the_law(new_dossier, office) -> None:
    extends = actions.receive(
        new_dossier("1.001022"), by=office.clerk, commune=office.commune
    ).dossier
    extends = actions.hand_over(
        extends, actions.Handing(receiver_id=office.officer.pk), by=office.clerk
    )
    longer = actions.verify(extends, "Cần xác minh ở nơi cư trú cũ", by=office.officer_actor)
    assert local(longer.promise_at) == at(4, 9, month=12)  # 3 + 5 working days
    assert local(longer.legal_at) == at(4, 17, month=12)
    replaces = actions.receive(
        new_dossier("1.000894"), by=office.clerk, commune=office.commune
    ).dossier
    assert local(replaces.promise_at) == at(23, 17)
    replaces = actions.hand_over(
        replaces, actions.Handing(receiver_id=office.officer.pk), by=office.clerk
    )
    longer = actions.verify(replaces, "Cần xác minh điều kiện", by=office.officer_actor)
    assert local(longer.promise_at) == at(1, 9, month=12)  # five in all, not six
    with pytest.raises(GuardRefused, match="Đã dùng"):
        actions.verify(longer, "Cần xác minh điều kiện", by=office.officer_actor)


def test_the_fifteen_hour_rule(new_dossier, office) -> None:
    for hour, minute, due in ((15, 0, 23), (15, 1, 25)):
        with clock.at(at(23, hour, minute)):
            made = actions.receive(
                new_dossier("1.001193"), by=office.clerk, commune=office.commune
            ).dossier
        assert local(made.promise_at) == at(due, 17)


def test_an_old_page_and_a_second_click(working, office) -> None:
    key, seen = uuid4(), working.version
    to = actions.Handing("tham_dinh", office.officer.pk)
    first = actions.hand_over(working, to, by=office.officer_actor, seen=Seen(seen, key))
    again = actions.hand_over(working, to, by=office.officer_actor, seen=Seen(seen, key))
    assert again.version == first.version
    assert DossierEvent.objects.filter(dossier=first, action="chuyen").count() == 2
    with pytest.raises(actions.Stale, match="vừa làm một bước"):
        actions.note(working, "ghi chú", by=office.officer_actor, seen=Seen(seen))


def test_a_stand_in_receives_for_whoever_is_away(dossier, unit, office) -> None:
    from xaso.dossiers.tests.conftest import person

    other = person(office.commune, "thay-mat", "officer", unit)
    away = actions.Away(office.officer.pk, at(23, 0), at(26, 0))
    actions.note_absence(away, by=office.clerk, commune=office.commune)
    with pytest.raises(GuardRefused, match="chưa cử ai"):
        actions.hand_over(dossier, actions.Handing(receiver_id=office.officer.pk), by=office.clerk)
    actions.note_absence(
        actions.Away(office.officer.pk, at(23, 0), at(26, 0), other.pk),
        by=office.clerk,
        commune=office.commune,
    )
    given = actions.hand_over(
        dossier, actions.Handing(receiver_id=office.officer.pk), by=office.clerk
    )
    assert given.holder_id == other.pk
    assert HandOver.objects.get(dossier=given).instead_of_id == office.officer.pk


def test_a_mandatory_opinion_holds_the_signature(working, office) -> None:
    asked = actions.ask_opinion(
        working,
        actions.Asked("Công an xã", "Người này có ở xã không?", at(25, 17)),
        by=office.officer_actor,
    )
    asked = actions.hand_over(
        asked, actions.Handing("tham_dinh", office.officer.pk), by=office.officer_actor
    )
    with pytest.raises(GuardRefused, match="chưa có trả lời"):
        actions.hand_over(
            asked, actions.Handing("trinh_ky", office.leader.pk), by=office.officer_actor
        )
    task = asked.sub_tasks.get()
    told = actions.give_opinion(
        asked, task.pk, actions.Opinion("Có ở bản Nà Đon"), by=office.officer_actor
    )
    done = actions.hand_over(
        told, actions.Handing("trinh_ky", office.leader.pk), by=office.officer_actor
    )
    assert done.step == "trinh_ky"
    back = actions.hand_back(
        done, actions.Handing("tham_dinh"), "Ghi thiếu nơi cư trú", by=office.leader_actor
    )
    assert (back.step, back.holder_id) == ("tham_dinh", office.officer.pk)


def test_withdrawn_or_not_it_goes_back_where_it_stood(working, office) -> None:
    with clock.at(at(25, 8)):
        asked = actions.ask_withdrawal(working, "Gia đình đổi ý, xin rút", by=office.clerk)
    assert asked.state == State.WITHDRAWING
    with clock.at(at(25, 10)):
        again = actions.refuse_withdrawal(
            asked, "Đã có quyết định liên quan", by=office.leader_actor
        )
    assert again.state == State.IN_PROGRESS
    assert local(again.promise_at) == at(27, 11)  # two hours given back
    with clock.at(at(25, 11)):
        asked = actions.ask_withdrawal(again, "Gia đình đổi ý, xin rút", by=office.clerk)
        stopped = actions.agree_withdrawal(asked, by=office.leader_actor)
    assert stopped.state == State.STOPPED
    assert stopped.ended_at is not None


def test_the_original_elsewhere_is_only_followed(new_dossier, office) -> None:
    from xaso.dossiers.models import ProcedureVersion
    from xaso.dossiers.tests.conftest import SINCE
    from xaso.kernel.audit.actors import SYSTEM

    police = ProcedureVersion.objects.get(procedure__code="1.004222")
    actions.publish(police, SINCE, by=SYSTEM)
    with pytest.raises(GuardRefused, match="hệ thống gốc"):
        actions.receive(new_dossier("1.004222"), by=office.clerk, commune=office.commune)
    draft = actions.open_draft(
        new_dossier("1.004222"), by=office.clerk, commune=office.commune
    ).dossier
    mirror = actions.hand_to_system(draft, "POLICE", "h35.50.05.13–261123–000123", by=office.clerk)
    assert mirror.is_mirror
    assert mirror.code == "H35.50.05.13-261123-000123"
    with pytest.raises(GuardRefused, match="chỉ theo dõi"):
        actions.edit(mirror, actions.Editing(subject="khác"), by=office.clerk)
    other = actions.open_draft(
        new_dossier("1.004222"), by=office.clerk, commune=office.commune
    ).dossier
    with pytest.raises(actions.CodeKnown):
        actions.hand_to_system(other, "POLICE", "H35.50.05.13-261123-000123", by=office.clerk)


def test_a_signed_result_is_corrected_by_another_dossier(working, office) -> None:
    done = actions.sign(to_signing(working, office), signed(office.leader), by=office.leader_actor)
    with pytest.raises(NotAllowed):
        actions.extend(
            done,
            actions.Extending(done.promise_at + timedelta(days=9), WHY, WHY),
            by=office.leader_actor,
        )
    same = actions.correct(done, "Sai ngày sinh trên giấy", by=office.leader_actor)
    new = same.corrections.get()
    assert new.state == State.DRAFT
    assert new.applicant == done.applicant
    assert same.state == State.RESOLVED


def test_how_many_statements_a_step_costs(new_dossier, office) -> None:
    warm = actions.receive(new_dossier(), by=office.clerk, commune=office.commune).dossier
    with CaptureQueriesContext(
        connection,
    ) as create:
        actions.receive(new_dossier(), by=office.clerk, commune=office.commune)
    warm = actions.hand_over(warm, actions.Handing(receiver_id=office.officer.pk), by=office.clerk)
    with CaptureQueriesContext(connection) as step:
        actions.hand_over(
            warm, actions.Handing("tham_dinh", office.officer.pk), by=office.officer_actor
        )
    assert len(create) <= 15, [q["sql"][:90] for q in create]
    assert len(step) <= 12, [q["sql"][:90] for q in step]
