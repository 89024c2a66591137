"""Addresses of the room: the wall, its figures, the same board for officials."""

from django.urls import path

from xaso.ioc.views import api, desk, wall

app_name = "ioc"
urlpatterns = [
    path("ioc/man-hinh/", wall.wall, name="wall"),
    path("ioc/man-hinh/dong/", wall.stream, name="stream"),
    path("ioc/man-hinh/giu.js", wall.keeper, name="keeper"),
    path("ioc/man-hinh/<str:token>/", wall.enter, name="enter"),
    path("can-bo/dieu-hanh/", wall.at_desk, name="desk"),
    path("can-bo/quan-tri/man-hinh/", desk.screens, name="screens"),
    path("can-bo/quan-tri/man-hinh/<int:device>/thu-hoi/", desk.take_down, name="take_down"),
    path("api/v1/ioc/boards/<slug:board>/snapshot", api.snapshot, name="snapshot"),
]
