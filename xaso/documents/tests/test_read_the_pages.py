"""The desk of documents and the pages where anybody checks."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xaso.documents import actions, queries
from xaso.documents.adapters import authority
from xaso.documents.models import Certificate, Document, TrustRoot
from xaso.documents.tests.conftest import CLERK, MONDAY, actor
from xaso.kernel.attachments import queries as files
from xaso.kernel.identity.models import Official

DESK = "/binh-lu/can-bo/van-ban/"
CERTIFICATES = "/binh-lu/can-bo/quan-tri/chung-thu/"
PASSWORD = "nuong ngo tren suon nui"  # what the accounts of the tests have


def signed_in(person: Official, settings) -> Client:
    """Sign in with the password just now: signing asks for it after five minutes."""
    settings.XASO_SECOND_FACTOR = False
    client = Client(raise_request_exception=False)
    client.post("/binh-lu/dang-nhap/", {"login": person.username, "password": PASSWORD})
    return client


def test_a_leader_reads_approves_and_signs_several(signing, apology, leader, settings):
    one, two = apology(subject="Xin lỗi một"), apology(subject="Xin lỗi hai")
    for new in (one, two):
        actions.submit_for_signature(new, commune=signing, by=CLERK)
    client = signed_in(leader, settings)
    page = client.get(DESK).content.decode()
    assert "Chờ tôi duyệt" in page
    assert client.get(f"{DESK}{one.uuid}/du-thao.pdf").content.startswith(b"%PDF")
    for new in (one, two):
        assert client.post(f"{DESK}{new.uuid}/duyet/").status_code == 302
        actions.freeze(new.uuid, commune=signing)
    page = client.get(DESK).content.decode()
    boxes = re.findall(r'name="ky"\s+value="([^"]+)"', page)
    assert len(boxes) == 2
    frozen = Document.objects.get(uuid=one.uuid).frozen
    assert client.get(f"{DESK}{one.uuid}/tep/ban-ky.pdf").content == files.content(frozen)
    wrong = f"{two.uuid}:{'0' * 64}"
    answer = client.post(f"{DESK}ky/", {"ky": [boxes[0], wrong, "nonsense"]}, follow=True)
    assert Document.objects.filter(is_asked=True).count() == 1
    assert "Đang ký 1 văn bản" in answer.content.decode()


def test_a_leader_returns_with_a_reason_and_a_clerk_cannot_approve(
    signing, apology, leader, official, settings
):
    new = apology()
    actions.submit_for_signature(new, commune=signing, by=CLERK)
    clerk = signed_in(official("one_stop_clerk", signing), settings)
    refused = clerk.post(f"{DESK}{new.uuid}/duyet/")
    assert refused.status_code == 409
    assert "Bước này do người khác phụ trách" in refused.content.decode()
    client = signed_in(leader, settings)
    assert "Bác ghi lý do" in client.post(f"{DESK}{new.uuid}/tra-lai/").content.decode()
    client.post(f"{DESK}{new.uuid}/tra-lai/", {"ly-do": "Sai <b>tên</b> bản"})
    page = client.get(f"{DESK}{new.uuid}/").content.decode()
    assert "Sai &lt;b&gt;tên&lt;/b&gt; bản" in page
    assert client.get(f"{DESK}{new.uuid}/tep/goc.pdf").status_code == 404
    assert client.post(f"{DESK}{new.uuid}/nhay/").status_code == 404


def test_signing_asks_for_the_password_when_the_sign_in_is_old(frozen, leader, client_of):
    document = frozen()
    old = client_of(leader).post(f"{DESK}{document.uuid}/ky/", {"sha256": document.frozen.sha256})
    assert old.status_code == 302
    document.refresh_from_db()
    assert not document.is_asked


def test_pages_of_the_desk_ask_as_often_however_many(
    signing, apology, leader, client_of, django_assert_max_num_queries
):
    client = client_of(leader)
    for _ in range(6):
        actions.submit_for_signature(apology(), commune=signing, by=CLERK)
    client.get(DESK)
    with django_assert_max_num_queries(9):
        assert client.get(DESK).status_code == 200


def test_anybody_sees_number_date_agency_signer_and_nothing_else(issued, client, leader):
    document = issued()
    address = f"/binh-lu/kiem-tra/van-ban/{document.code}/"
    page = client.get(address).content.decode()
    assert "Văn bản đang có hiệu lực" in page
    for said in ("01/UBND-VP", "23/11/2026", "UBND xã Bình Lư", "Giàng A Mẫu"):
        assert said in page
    assert document.original.sha256 in page
    assert document.subject not in page
    assert "Lò Thị Mẫu" not in page
    me = actor(leader, "leader")
    actions.recall(document.uuid, "Sai căn cứ", commune=document.commune, by=me)
    page = client.get(address).content.decode()
    assert "Văn bản đã bị thu hồi" in page
    assert "Sai căn cứ" not in page
    assert client.get("/binh-lu/kiem-tra/van-ban/khongcoma123/").status_code == 404


def test_a_document_that_is_not_issued_is_not_there(frozen, client):
    assert client.get(f"/binh-lu/kiem-tra/van-ban/{frozen().code}/").status_code == 404


def test_a_file_is_judged_and_forgotten(issued, client):
    document = issued()
    pdf = files.content(document.original)

    def ask(content, name="a.pdf"):
        file = SimpleUploadedFile(name, content, "application/pdf")
        return client.post("/binh-lu/kiem-tra/tep/", {"file": file})

    page = ask(pdf).content.decode()
    assert "Hợp lệ" in page
    assert "01/UBND-VP" in page
    changed = ask(pdf.replace(b"%%EOF", b"%%EOF\n%x", 1) + b"\n%y").content.decode()
    assert "Không hợp lệ" in changed
    assert "01/UBND-VP" not in changed
    bare = ask(files.content(document.frozen)).content.decode()
    assert "Tệp không có chữ ký số" in bare
    assert ask(b"GIF89a").status_code == 422
    assert queries.of_file(b"", commune=document.commune) is None


def test_an_administrator_keeps_the_register(signing, official, settings):
    admin = signed_in(official("administrator", signing), settings)
    page = admin.get(CERTIFICATES).content.decode()
    assert "Giàng A Mẫu" in page
    assert "Thử nghiệm" in page
    root = authority.root("Gốc khác", MONDAY)
    leaf = authority.leaf(root, "Sùng A Mẫu", MONDAY)

    def send(what, content, **more):
        file = SimpleUploadedFile("tep.cer", content)
        return admin.post(CERTIFICATES, {"what": what, "file": file, **more})

    assert send("root", root.pem.encode(), source="Trang công bố").status_code == 302
    assert send("own", leaf.der).status_code == 302
    assert send("list", authority.crl(root, MONDAY)).status_code == 302
    assert TrustRoot.objects.filter(name="Gốc khác", is_test=False).exists()
    mine = Certificate.objects.get(name="Sùng A Mẫu")
    assert (mine.kind, mine.holder) == ("agency", "absent")
    for nonsense in (b"", b"\x30\x03\x02\x01\x00", b"-----BEGIN CERTIFICATE-----\n!\n", b"x" * 99):
        assert send("own", nonsense).status_code == 422
        assert send("list", nonsense).status_code == 422
    admin.post(f"{CERTIFICATES}{mine.pk}/thoi/", {"ly-do": "Mất thiết bị"})
    mine.refresh_from_db()
    assert mine.ended_why == "Mất thiết bị"


def test_what_ends_soon_is_said(signing, official, settings):
    from datetime import timedelta

    from xaso.kernel.working_time import clock

    row = Certificate.objects.get(kind="agency")
    admin = official("administrator", signing)
    with clock.at(row.valid_to - timedelta(days=10)):
        page = signed_in(admin, settings).get(CERTIFICATES).content.decode()
    assert "hết hạn trong 30 ngày tới" in page


@pytest.mark.parametrize("role", ["village_head", "community_team"])
def test_others_do_not_read_the_desk(town, official, client_of, role):
    assert client_of(official(role, town)).get(DESK).status_code == 403
