"""Addresses of the public site; `shared` are those of a host that several communes share."""

from django.urls import path

from xaso.portal.views import citizen

app_name = "portal"
urlpatterns = [
    path("", citizen.home, name="home"),
    path("ban/", citizen.villages, name="villages"),
    path("nghe/", citizen.listen, name="listen"),
    path("gioi-thieu/", citizen.about, name="about"),
]

shared = [
    path("", citizen.communes, name="communes"),
]
