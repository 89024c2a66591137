"""Addresses of the room."""

from django.urls import path

from xaso.kernel.notifications.views import desk

app_name = "notifications"
urlpatterns = [
    path("can-bo/quan-tri/tin-nhan/", desk.outbox, name="outbox"),
    path("can-bo/quan-tri/tin-nhan/<uuid:message>/gui-lai/", desk.send_again, name="send_again"),
]
