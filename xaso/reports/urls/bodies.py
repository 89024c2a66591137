"""Addresses of outside bodies: their list, links for them, and the page behind a link."""

from django.urls import path

from xaso.reports.views import bodies

app_name = "reports_bodies"
_LIST = "can-bo/quan-tri/co-quan/"
urlpatterns = [
    path(_LIST, bodies.bodies, name="list"),
    path(f"{_LIST}<int:body>/", bodies.bodies, name="body"),
    path("can-bo/phan-anh/<str:code>/duong-dan/", bodies.make_link, name="make_link"),
    path("co-quan/<str:secret>/", bodies.link, name="link"),
]
