"""Addresses every host and every commune has."""

from django.urls import path

from xaso.kernel.web import health, offline, views

app_name = "web"
urlpatterns = [
    path("healthz", health.healthz, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("sw.js", offline.worker, name="worker"),
    path("mat-mang/", offline.page, name="offline"),
    path("ngon-ngu/", views.switch, name="switch"),
]
