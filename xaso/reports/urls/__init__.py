"""Addresses of the room: for residents, and one outside every commune."""

from django.urls import path

from xaso.reports.views import citizen, own, plain, sending

app_name = "reports"
urlpatterns = [
    path("phan-anh/", citizen.board, name="board"),
    path("phan-anh/diem.json", citizen.points, name="points"),
    path("phan-anh/gui/", sending.send, name="send"),
    path("phan-anh/tra-cuu/", citizen.look_up, name="look_up"),
    path("phan-anh/<str:code>/", citizen.track, name="track"),
    path("phan-anh/<str:code>/giay-hen/", sending.receipt, name="receipt"),
    path("phan-anh/<str:code>/cua-toi/", own.own, name="own"),
    path("phan-anh/<str:code>/cua-toi/<slug:verb>/", own.act, name="act"),
]
shared = [path("t/<str:code>", plain.track, name="plain")]
