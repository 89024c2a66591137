"""An address names its commune, and everything behind it happens inside that commune."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_script_prefix

from xaso.kernel.places.models import Place
from xaso.kernel.tenancy import actions as tenancy
from xaso.kernel.web.middleware import directory


def places_of(commune):
    with tenancy.inside(commune.id):
        return Place.objects.count()


def test_the_first_segment_names_the_commune(site, binh_lu):
    said = site.get("/binh-lu/noi/").json()
    assert said == {
        "commune": str(binh_lu.id),
        "inside": str(binh_lu.id),
        "path": "/noi/",
        "link": "/binh-lu/noi/",
    }


def test_a_host_of_its_own_needs_no_segment(site, binh_lu, settings):
    settings.ALLOWED_HOSTS = ["binhlu.vn"]
    type(binh_lu).objects.filter(pk=binh_lu.pk).update(host="binhlu.vn")
    directory.forget()
    said = site.get("/noi/", headers={"host": "binhlu.vn"}).json()
    assert (said["commune"], said["link"]) == (str(binh_lu.id), "/noi/")


def test_an_unknown_segment_is_a_404(site):
    assert site.get("/khong-co-xa-nay/noi/").status_code == 404


def test_a_communes_page_does_not_open_without_a_commune(site):
    assert site.get("/noi/").status_code == 404


def test_a_missing_slash_is_added(site):
    assert site.get("/binh-lu")["Location"] == "/binh-lu/"


def test_the_prefix_does_not_leak_into_the_next_request(site):
    site.get("/binh-lu/noi/")
    assert get_script_prefix() == "/"


def test_two_communes_never_mix(site, binh_lu, ban_bo):
    site.post("/binh-lu/luu/")
    site.post("/ban-bo/luu/")
    site.post("/ban-bo/luu/")
    assert (places_of(binh_lu), places_of(ban_bo)) == (1, 2)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/luu/", 1),
        ("/tu-choi/409/", 0),
        ("/tu-choi/422/", 0),
        ("/loi/bug/", 0),
        ("/loi/outage/", 0),
        ("/loi/404/", 1),
    ],
)
def test_a_refusal_or_a_fault_leaves_nothing_behind(site, binh_lu, path, kept):
    site.post(f"/binh-lu{path}")
    assert places_of(binh_lu) == kept


def test_an_answer_of_500_is_undone_too(site, binh_lu):
    site.post("/binh-lu/luu/", {"status": "502"})
    assert places_of(binh_lu) == 0


def test_forms_with_pictures_arrive_whole(site):
    photo = SimpleUploadedFile("a.jpg", b"x" * 3_000_000)
    said = site.post("/binh-lu/nhan/", {"text": "đá", "anh": photo}).json()
    assert said == {"text": "đá", "files": 1}


def test_a_commune_changed_by_one_request_is_whole_for_the_next(site, binh_lu):
    first = directory.by_slug("binh-lu")
    first.name = "Khác"
    assert directory.by_slug("binh-lu").name == "Bình Lư"


def test_the_commune_is_asked_for_once_in_a_while(site, django_assert_num_queries):
    site.get("/binh-lu/noi/")
    with django_assert_num_queries(4):  # savepoint, set_config, current commune, release
        site.get("/binh-lu/noi/")


@pytest.mark.parametrize(
    ("length", "status"), [("70000000", 413), ("many", 400)], ids=["too big", "not a number"]
)
def test_a_body_that_lies_about_itself(site, length, status):
    assert site.generic("POST", "/binh-lu/nhan/", CONTENT_LENGTH=length).status_code == status


def test_a_raw_body_over_the_limit_is_refused_with_words(site):
    response = site.post("/binh-lu/nhan/", b"x" * 1_100_000, content_type="application/json")
    assert response.status_code == 413
    assert "lớn quá" in response.content.decode()


def test_a_broken_form_is_a_400(site):
    response = site.post("/binh-lu/nhan/", b"no boundary", content_type="multipart/form-data")
    assert response.status_code == 400
