"""Addresses of files."""

from django.urls import re_path

from xaso.kernel.attachments.views import serving

app_name = "attachments"
_SHA = r"^tep/(?P<sha256>[0-9a-f]{64})/"

urlpatterns = [
    re_path(_SHA + r"goc$", serving.original, name="original"),
    re_path(
        _SHA + r"(?P<step>160|320|800|1280|1600)\.(?P<extension>webp|jpg|avif)$",
        serving.picture,
        name="picture",
    ),
    re_path(_SHA + r"(?P<name>[^/]{1,200})$", serving.document, name="document"),
]
