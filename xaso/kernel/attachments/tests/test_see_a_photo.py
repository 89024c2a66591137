"""Who sees a file: everyone once it is published, officials of the commune before."""

import io
import re

import pytest
from django.core import signing
from django.template.loader import render_to_string
from django.test import Client
from PIL import Image

from xaso.kernel.attachments import actions, queries
from xaso.kernel.attachments.tests import honest
from xaso.kernel.attachments.tests.conftest import RESIDENT
from xaso.kernel.audit import queries as audit
from xaso.kernel.audit.actors import SYSTEM
from xaso.kernel.identity.models import Role
from xaso.kernel.tenancy import actions as tenancy

HERE = "/binh-lu"


def test_a_published_photo_is_for_everyone_and_kept_by_browsers(developed) -> None:
    photo = actions.publish(developed(), by=SYSTEM)
    for extension, kind, starts in (
        ("webp", "WEBP", b"RIFF"),
        ("jpg", "JPEG", b"\xff\xd8"),
    ):
        answer = Client().get(f"{HERE}/tep/{photo.sha256}/320.{extension}")
        assert answer.status_code == 200
        assert answer.content.startswith(starts)
        assert Image.open(io.BytesIO(answer.content)).format == kind
        assert answer["Cache-Control"] == "public, max-age=86400, s-maxage=300"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_browser_that_has_it_gets_nothing_twice(developed) -> None:
    photo = actions.publish(developed(), by=SYSTEM)
    path = f"{HERE}/tep/{photo.sha256}/320.webp"
    etag = Client().get(path)["ETag"]
    again = Client().get(path, headers={"If-None-Match": etag, "Accept-Encoding": "gzip"})
    assert (again.status_code, again.content) == (304, b"")


def test_pictures_are_not_squeezed_again(developed) -> None:
    photo = actions.publish(developed(), by=SYSTEM)
    path = f"{HERE}/tep/{photo.sha256}/320.jpg"
    answer = Client().get(path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer


def test_a_private_photo_of_nothing_is_for_nobody_without_a_ticket(
    developed, official, ban_bo
) -> None:
    photo = developed()
    path = f"/tep/{photo.sha256}/320.webp"

    assert Client().get(HERE + path).status_code == 404
    for role in sorted(set(Role.values) - {Role.PROVINCE}):
        assert official(role).get(HERE + path).status_code == 404
    assert official(Role.LEADER, ban_bo).get(HERE + path).status_code == 404


def test_hidden_again_is_gone(developed) -> None:
    photo = actions.hide(actions.publish(developed(), by=SYSTEM), by=SYSTEM)
    assert Client().get(f"{HERE}/tep/{photo.sha256}/320.webp").status_code == 404


def test_there_is_one_answer_for_not_yours_and_not_there(developed) -> None:
    photo = developed()
    private = Client().get(f"{HERE}/tep/{photo.sha256}/320.webp")
    missing = Client().get(f"{HERE}/tep/{'0' * 64}/320.webp")

    def bare(answer) -> str:
        """Return the page without its nonce and its own address."""
        page = re.sub(r'nonce="[^"]*"|[0-9a-f]{64}', "", answer.content.decode())
        return re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", page)

    assert (private.status_code, bare(private)) == (missing.status_code, bare(missing))


@pytest.mark.parametrize(
    "name", ["330.webp", "320.gif", "320.avif", "anh.jpg", "goc", "../x", "320.webp/", "1600.webp"]
)
def test_other_addresses_of_a_photo_lead_nowhere(developed, name) -> None:
    photo = actions.publish(developed(honest.photo(width=90, height=60)), by=SYSTEM)
    if name == "320.avif" and photo.has_avif:
        pytest.skip("this photo pays in AVIF")
    assert Client().get(f"{HERE}/tep/{photo.sha256}/{name}").status_code == 404


def test_a_lent_photo_opens_for_five_minutes_for_whoever_holds_the_ticket(
    developed, monkeypatch
) -> None:
    photo, other = developed(), developed(honest.photo("PNG"))
    shown = queries.picture(photo, "Cầu Nà Đon", is_lent=True)
    path = shown.src.removeprefix("/")

    seen = Client().get(f"{HERE}/{path}")
    assert (seen.status_code, seen["Cache-Control"]) == (200, "private, no-store")
    ticket = path.partition("?")[2]
    assert Client().get(f"{HERE}/tep/{other.sha256}/320.jpg?{ticket}").status_code == 404

    real = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: real() + 301)
    assert Client().get(f"{HERE}/{path}").status_code == 404


def test_evidence_opens_for_a_leader_and_the_reading_is_logged(developed, official) -> None:
    given = honest.with_everything()
    photo = actions.publish(developed(given, keep_original=True), by=SYSTEM)
    path = f"{HERE}/tep/{photo.sha256}/goc"

    assert Client().get(path).status_code == 404
    assert official(Role.OFFICER).get(path).status_code == 404
    seen = official(Role.LEADER).get(path)
    assert (seen.status_code, seen["Cache-Control"]) == (200, "private, no-store")
    assert seen.content == given
    assert seen["Content-Disposition"].startswith("attachment")
    assert [line.actor_kind for line in audit.viewers(photo, commune=photo.commune_id)] == [
        "official"
    ]


def test_a_document_is_saved_under_its_own_name(inside_binh_lu) -> None:
    file = actions.store_document(
        honest.pdf(), name='Đơn "xin" cấp.pdf', commune=inside_binh_lu, by=RESIDENT
    )
    path = f"{HERE}/{queries.address(file).removeprefix('/')}"
    assert Client().get(path).status_code == 404

    actions.publish(file, by=SYSTEM)
    answer = Client().get(path)
    assert b"".join(answer.streaming_content) == honest.pdf()
    assert answer["Content-Type"] == "application/pdf"
    name = answer["Content-Disposition"]
    assert name == "attachment; filename*=utf-8''%C4%90%C6%A1n%20_xin_%20c%E1%BA%A5p.pdf"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_part_draws_a_picture_with_its_sizes(developed) -> None:
    photo = developed(honest.photo(width=1000, height=750))
    picture = queries.picture(photo, 'Cầu "Nà Đon"')
    html = render_to_string("web/parts/_picture.html", {"picture": picture})

    assert 'width="800"' in html
    assert 'height="600"' in html
    assert 'alt="Cầu &quot;Nà Đon&quot;"' in html
    assert "image/webp" in html
    assert ("image/avif" in html) == photo.has_avif
    assert f"/tep/{photo.sha256}/1280.webp 1000w" in html


def test_the_part_says_when_there_is_nothing_to_show(sent, developed) -> None:
    def drawn(photo) -> str:
        values = {"picture": queries.picture(photo, "x")}
        return render_to_string("web/parts/_picture.html", values)

    assert "đang được xử lý" in drawn(sent())
    assert "không xem được" in drawn(developed(honest.spoiled()))


def test_a_page_with_fifty_pictures_asks_the_database_nothing(
    developed, django_assert_num_queries
) -> None:
    photo = developed()
    with django_assert_num_queries(0):
        assert all(queries.picture(photo, "x").is_ready for _ in range(50))


def test_no_commune_no_file(developed) -> None:
    photo = actions.publish(developed(), by=SYSTEM)
    assert Client().get(f"/tep/{photo.sha256}/320.webp").status_code == 404


def test_photos_of_another_commune_cannot_be_pointed_at(developed, ban_bo) -> None:
    """The database itself refuses a picture of one commune under a photo of another."""
    from django.db import IntegrityError, connection, transaction

    photo = developed()
    insert = (
        "INSERT INTO attachments_rendition (commune_id, attachment_id, step, width, height,"
        " media_type, sha256, bytes) VALUES (%s, %s, 320, 1, 1, 'image/webp', %s, 1)"
    )
    with tenancy.inside(ban_bo.id), connection.cursor() as cursor:
        cursor.execute(insert, [ban_bo.id, photo.pk, "0" * 64])
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DELETE FROM attachments_rendition WHERE sha256 = %s", ["0" * 64])
