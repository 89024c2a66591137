"""Addresses of the room: checking for everybody, templates and signing at the desk."""

from django.urls import path

from xaso.documents.views import check, templates

app_name = "documents"
_TEMPLATES = "can-bo/quan-tri/mau-giay-to/"
urlpatterns = [
    path("kiem-tra/", check.check, name="check"),
    path("kiem-tra/xem/", check.check_text, name="check_text"),
    path("kiem-tra/khoa.json", check.keys, name="check_keys"),
    path(_TEMPLATES, templates.listed, name="templates"),
    path(f"{_TEMPLATES}tai-len/", templates.upload, name="template_upload"),
    path(f"{_TEMPLATES}dang-dung/<slug:form>/xem.<str:ext>", templates.preview, name="preview"),
    path(f"{_TEMPLATES}dang-dung/<slug:form>/tep/", templates.download, name="template_download"),
    path(f"{_TEMPLATES}<int:template>/", templates.version, name="template"),
    path(f"{_TEMPLATES}<int:template>/xem.<str:ext>", templates.try_out, name="template_try"),
    path(f"{_TEMPLATES}<int:template>/ap-dung/", templates.publish, name="template_publish"),
    path(f"{_TEMPLATES}<int:template>/bo/", templates.discard, name="template_discard"),
]
