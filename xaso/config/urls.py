"""Every address of the platform starts here; each room owns the rest of the path."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
