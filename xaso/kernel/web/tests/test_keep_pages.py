"""Who may keep a copy of a page, and what the browser may do on it."""

import re


def test_a_public_page_is_kept_and_asked_again_by_its_etag(site):
    first = site.get("/binh-lu/mo/")
    assert first["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in first["Vary"]
    again = site.get("/binh-lu/mo/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_public_page_holds_no_secret(site):
    response = site.get("/binh-lu/mo/")
    html = response.content.decode()
    assert "csrfmiddlewaretoken" not in html
    assert "nonce" not in html
    assert not response.cookies


def test_the_copy_changes_with_the_language(site):
    first = site.get("/binh-lu/mo/")["ETag"]
    site.cookies["ngon_ngu"] = "en"
    assert site.get("/binh-lu/mo/")["ETag"] != first


def test_what_nobody_declared_is_kept_by_nobody(site):
    assert site.get("/binh-lu/noi/")["Cache-Control"] == "no-store"


def test_the_camera_is_offered_where_it_is_needed_and_nowhere_else(site):
    there = site.get("/binh-lu/chup/")["Permissions-Policy"]
    elsewhere = site.get("/binh-lu/mo/")["Permissions-Policy"]
    assert "camera=(self)" in there
    assert "geolocation=()" in there
    assert "camera=()" in elsewhere


def test_every_page_is_closed_to_strangers(site):
    for path in ("/binh-lu/mo/", "/binh-lu/khong-co/", "/binh-lu/loi/bug/"):
        response = site.get(path)
        policy = response["Content-Security-Policy"]
        assert "object-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_pages_name_no_other_host(site):
    html = site.get("/binh-lu/mo/").content.decode()
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', html)
