"""A fee that is due at the end is paid before the result leaves: at the counter and online."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from xaso.dossiers import actions
from xaso.dossiers.models import Delivery, Dossier, Finance, Result, State
from xaso.dossiers.tests.conftest import MONDAY
from xaso.kernel.attachments import actions as attachments
from xaso.kernel.attachments.models import Attachment
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.audit.models import Entry
from xaso.kernel.identity.models import Official
from xaso.kernel.payments import actions as payments
from xaso.kernel.refusals import Invalid
from xaso.kernel.workflow.table import GuardRefused

pytestmark = pytest.mark.django_db
FEE = actions.Fee("LP", "Lệ phí hộ tịch", "le_phi", 8_000, 8_000, collect_at=4)
HANDED = actions.Handed(Delivery.IN_PERSON, "ký nhận")
CASH = actions.Paid("cash", "")


def _photo() -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (64, 48), (70, 90, 60)).save(made, "JPEG")
    return SimpleUploadedFile("giay.jpg", made.getvalue(), "image/jpeg")


@pytest.fixture
def ready(centre, clerk, new_dossier: Callable) -> Dossier:
    """A signed result whose fee is due when it is given."""
    row = actions.receive(new_dossier(fees=(FEE,)), by=clerk, commune=centre).dossier
    Dossier.objects.filter(pk=row.pk).update(state=State.RESOLVED, resolved_at=MONDAY)
    return Dossier.objects.select_related("procedure").get(pk=row.pk)


@pytest.fixture
def with_file(ready: Dossier, office) -> Dossier:
    file = attachments.store_photo(_photo(), name="kq.jpg", commune=ready.commune, by=SYSTEM)
    Result.objects.create(
        commune=ready.commune, dossier=ready, name="Trích lục", register="ket-qua", year=2026,
        number="1", signed_on=MONDAY.date(), signer=office.leader, attachment=file,
        is_electronic=True, created_at=MONDAY,
    )  # fmt: skip
    return ready


def _page(ready: Dossier) -> str:
    return f"/binh-lu/can-bo/ho-so/{ready.uuid}/tra/"


def _opened(row: Dossier) -> tuple[Client, str]:
    phone = Client(raise_request_exception=False)
    said = {"code": row.code, "factor": "5678"}
    return phone, phone.post("/binh-lu/ho-so/", said, follow=True).content.decode()


def test_what_is_owed_holds_the_result_back_until_it_is_paid(ready, clerk) -> None:
    assert ready.finance == Finance.NOT_DUE
    with pytest.raises(GuardRefused, match=r"còn 8\.000 đồng phí, lệ phí chưa nộp"):
        actions.give_result(ready, HANDED, by=clerk)
    transfer = replace(HANDED, paid=actions.Paid("vietqr", " "))
    with pytest.raises(Invalid) as refused:
        actions.give_result(ready, transfer, by=clerk)
    assert list(refused.value.errors) == ["receipt"]
    ready.refresh_from_db()
    assert (ready.state, ready.fees.get().paid_at) == (State.RESOLVED, None)
    given = actions.give_result(ready, replace(HANDED, paid=CASH), by=clerk)
    line = given.fees.get()
    assert (given.state, given.finance) == (State.RETURNED, Finance.PAID)
    assert (line.paid_by, line.receipt_no, line.collector) == ("cash", "00001/2026", clerk.id)
    payload = given.events.get(action="tra").payload
    assert (payload["paid"], payload["paid_by"]) == (8_000, "cash")
    assert Entry.objects.filter(action="dossier.paid").count() == 1


def test_nothing_is_paid_where_the_result_is_not_given(ready, clerk) -> None:
    with pytest.raises(GuardRefused, match="cách đã giao"):
        actions.give_result(ready, replace(HANDED, proof="", paid=CASH), by=clerk)
    line = ready.fees.get()
    assert (line.paid_at, line.receipt_no) == (None, "")


def test_what_was_paid_before_or_is_exempt_is_given_at_once(
    ready, clerk, centre, new_dossier
) -> None:
    actions.settle_fees(ready, CASH, by=clerk)
    given = actions.give_result(ready, replace(HANDED, paid=CASH), by=clerk)
    assert given.fees.get().receipt_no == "00001/2026"  # paid once
    assert "paid" not in given.events.get(action="tra").payload
    law = {"group": "Hộ nghèo", "law": "LHT điều 11"}
    free = replace(FEE, amount=0, exemption=law)
    applicant = actions.Applicant("Giàng A Lử", phone="0912 345 679")
    new = new_dossier(fees=(free,), applicant=applicant)
    poor = actions.receive(new, by=clerk, commune=centre).dossier
    Dossier.objects.filter(pk=poor.pk).update(state=State.RESOLVED, resolved_at=MONDAY)
    poor.refresh_from_db()
    assert actions.give_result(poor, HANDED, by=clerk).state == State.RETURNED


def test_the_clerk_sees_what_is_owed_and_records_it_in_the_same_form(
    ready, clerk, client_of
) -> None:
    desk = client_of(Official.objects.get(pk=clerk.id))
    shown = desk.get(f"/binh-lu/can-bo/ho-so/{ready.uuid}/").content.decode()
    assert f"/can-bo/tiep-nhan/xong/{ready.pk}/" in shown
    page = desk.get(_page(ready)).content.decode()
    assert "Còn phải nộp: 8.000 đồng" in page
    said = {
        "way": Delivery.IN_PERSON, "proof": "Ký nhận sổ 4", "fetcher": "uy-quyen",
        "name": "Lò Thị Ín", "id_number": "011187000321", "relation": "child",
        "authorised_on": "2026-11-20",
    }  # fmt: skip
    answer = desk.post(_page(ready), said | {"evidence": _photo()})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Hồ sơ còn 8.000 đồng chưa nộp" in page
    assert "Ký nhận sổ 4" in page
    assert "Lò Thị Ín" in page
    assert "Ảnh lúc nãy đã giữ" in page
    said["kept"] = answer.context["form"]["kept"].value()
    answer = desk.post(_page(ready), said | {"pay_way": "vietqr", "receipt": ""})
    assert "mã giao dịch hoặc số biên lai" in answer.content.decode()
    said["kept"] = answer.context["form"]["kept"].value()
    done = desk.post(_page(ready), said | {"pay_way": "vietqr", "receipt": "FT2633"})
    assert done.status_code == 302
    line = ready.fees.get()
    assert (line.paid_by, line.receipt, Attachment.objects.count()) == ("vietqr", "FT2633", 1)
    ready.refresh_from_db()
    assert (ready.state, ready.finance) == (State.RETURNED, Finance.PAID)


def test_who_owes_nothing_reads_why_and_is_not_asked(centre, clerk, client_of, new_dossier) -> None:
    law = {"group": "Hộ nghèo", "law": "LHT điều 11"}
    new = new_dossier(fees=(replace(FEE, amount=0, exemption=law),))
    row = actions.receive(new, by=clerk, commune=centre).dossier
    Dossier.objects.filter(pk=row.pk).update(state=State.RESOLVED, resolved_at=MONDAY)
    desk = client_of(Official.objects.get(pk=clerk.id))
    page = desk.get(_page(row)).content.decode()
    assert "Hộ nghèo, LHT điều 11" in page
    assert 'name="pay_way"' not in page
    said = {"way": Delivery.IN_PERSON, "proof": "ký nhận", "fetcher": ""}
    assert desk.post(_page(row), said).status_code == 302


def test_among_many_the_one_that_owes_goes_by_itself(
    ready, clerk, centre, client_of, new_dossier
) -> None:
    paid = actions.receive(
        new_dossier(applicant=actions.Applicant("Vàng Thị Dở")), by=clerk, commune=centre
    ).dossier
    Dossier.objects.filter(pk=paid.pk).update(state=State.RESOLVED, resolved_at=MONDAY)
    desk = client_of(Official.objects.get(pk=clerk.id))
    url = "/binh-lu/can-bo/ho-so/nhieu/tra/"
    page = desk.get(url).content.decode()
    assert "Còn 8.000 đồng chưa nộp" in page
    assert f'value="{ready.uuid}:' not in page
    assert f'value="{paid.uuid}:' in page
    ticked = [f"{row.uuid}:{row.version}" for row in (ready, paid)]  # sent all the same
    said = {"batch": str(uuid4()), "way": Delivery.IN_PERSON, "proof": "ký", "chon": ticked}
    page = desk.post(url, said).content.decode()
    assert "còn 8.000 đồng" in page
    states = dict(Dossier.objects.values_list("pk", "state"))
    assert states == {ready.pk: State.RESOLVED, paid.pk: State.RETURNED}


def test_online_the_file_opens_once_it_is_paid(with_file, clerk, centre) -> None:
    phone, page = _opened(with_file)
    assert "Còn phải nộp 8.000 đ" in page
    assert "nộp tại quầy" in page
    assert "tệp mở ngay tại trang này" in page
    assert "Tải kết quả có chữ ký số" not in page
    fetched = phone.get("/binh-lu/ho-so/ket-qua/")
    assert (fetched.status_code, fetched["Location"]) == (302, "/binh-lu/ho-so/xem/")
    with_file.refresh_from_db()
    assert with_file.state == State.RESOLVED
    new = payments.NewAccount(
        bin="970405", number="0011012345678", holder="UBND XA BINH LU",
        valid_from=date(2026, 1, 1),
    )  # fmt: skip
    payments.name_account(new, commune=centre, by=SYSTEM)
    answer = phone.get("/binh-lu/ho-so/xem/")
    page = answer.content.decode()
    assert "UBND XA BINH LU" in page
    assert "<svg" in page
    assert "style=" not in page
    assert len(answer.content) < 50_000
    actions.settle_fees(with_file, actions.Paid("vietqr", "FT2633"), by=clerk)
    assert "Tải kết quả có chữ ký số" in phone.get("/binh-lu/ho-so/xem/").content.decode()
    assert phone.get("/binh-lu/ho-so/ket-qua/").status_code == 200
    with_file.refresh_from_db()
    assert (with_file.state, with_file.delivery) == (State.RETURNED, Delivery.ELECTRONIC)
