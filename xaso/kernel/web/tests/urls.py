"""Addresses for the middleware's own tests: views that behave well, refuse, and break."""

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path, reverse

from xaso.kernel.places.models import Place
from xaso.kernel.refusals import Invalid, NotFound, Refusal, TooMany
from xaso.kernel.tenancy import queries as tenancy
from xaso.kernel.web import caching, http


class RoadClosed(Refusal):
    sentence = "Đường đang đóng, chiều mới mở."


REFUSALS = {
    "409": RoadClosed(),
    "404": NotFound(),
    "422": Invalid(errors={"phone": ["Thiếu 1 số."]}),
    "429": TooMany(retry_after=42),
}
ERRORS = {
    "outage": OperationalError("server closed the connection unexpectedly"),
    "bug": ZeroDivisionError(),
    "404": Http404(),
    "403": PermissionDenied(),
}


def where(request):
    return JsonResponse(
        {
            "commune": str(request.commune.id) if request.commune else None,
            "inside": str(tenancy.current()) if request.commune else None,
            "path": request.path_info,
            "link": reverse("where"),
        }
    )


def leave_place(request):
    Place.objects.create(
        commune=request.commune,
        text="cầu treo",
        fold="cau treo",
        lat=22,
        lon=103,
        precision="exact",
    )


def refuse(request, which):
    if request.method == "POST":
        leave_place(request)
    raise REFUSALS[which]


def fail(request, which):
    leave_place(request)
    raise ERRORS[which]


def save(request):
    leave_place(request)
    return HttpResponse(status=int(request.POST.get("status", "200")))


def echo(request):
    return JsonResponse({"text": request.POST.get("text"), "files": len(request.FILES)})


@http.citizen_page
@http.needs("camera")
def camera(request):
    return render(request, "web/base_task.html")


@caching.public(60)
def open_page(request):
    return render(request, "web/base_citizen.html")


@http.may("reports.work")
def desk(request):
    return render(request, "web/base_staff.html")


urlpatterns = [
    path("", include("xaso.kernel.web.urls")),
    path("noi/", where, name="where"),
    path("tu-choi/<which>/", refuse),
    path("api/tu-choi/<which>/", refuse),
    path("loi/<which>/", fail),
    path("api/loi/<which>/", fail),
    path("luu/", save),
    path("nhan/", echo),
    path("chup/", camera),
    path("mo/", open_page, name="open"),
    path("can-bo/viec/", desk, name="desk"),
    path("dang-nhap/", where, name="account_login"),
]
handler400 = "xaso.kernel.web.views.handler400"
handler403 = "xaso.kernel.web.views.handler403"
handler404 = "xaso.kernel.web.views.handler404"
handler500 = "xaso.kernel.web.views.handler500"
