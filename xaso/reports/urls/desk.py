"""Addresses of the room for officials."""

from django.urls import path

from xaso.reports.views import desk, desk_steps

app_name = "reports_desk"
urlpatterns = [
    path("can-bo/phan-anh/", desk.inbox, name="inbox"),
    path("can-bo/phan-anh/<str:code>/", desk.show, name="show"),
    path("can-bo/phan-anh/<str:code>/diem.json", desk.point, name="point"),
    path("can-bo/phan-anh/<str:code>/<slug:verb>/", desk_steps.step, name="step"),
]
