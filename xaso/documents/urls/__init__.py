"""Addresses of the room: checking for everybody, templates and signing at the desk."""

from django.urls import path

from xaso.documents.views import certificates, check, desk, templates, verify

app_name = "documents"
_TEMPLATES = "can-bo/quan-tri/mau-giay-to/"
_CERTIFICATES = "can-bo/quan-tri/chung-thu/"
_DESK = "can-bo/van-ban/"
urlpatterns = [
    path("kiem-tra/", check.check, name="check"),
    path("kiem-tra/xem/", check.check_text, name="check_text"),
    path("kiem-tra/khoa.json", check.keys, name="check_keys"),
    path("kiem-tra/van-ban/<str:code>/", verify.issued, name="issued"),
    path("kiem-tra/tep/", verify.file, name="check_file"),
    path(_DESK, desk.listed, name="documents"),
    path(f"{_DESK}ky/", desk.sign_many, name="sign_many"),
    path(f"{_DESK}<uuid:uuid>/", desk.show, name="document"),
    path(f"{_DESK}<uuid:uuid>/du-thao.pdf", desk.draft, name="document_draft"),
    path(f"{_DESK}<uuid:uuid>/tep/<str:name>", desk.paper, name="document_paper"),
    path(f"{_DESK}<uuid:uuid>/<slug:verb>/", desk.act, name="document_act"),
    path(_CERTIFICATES, certificates.register, name="certificates"),
    path(f"{_CERTIFICATES}<int:number>/thoi/", certificates.end, name="certificate_end"),
    path(_TEMPLATES, templates.listed, name="templates"),
    path(f"{_TEMPLATES}tai-len/", templates.upload, name="template_upload"),
    path(f"{_TEMPLATES}dang-dung/<slug:form>/xem.<str:ext>", templates.preview, name="preview"),
    path(f"{_TEMPLATES}dang-dung/<slug:form>/tep/", templates.download, name="template_download"),
    path(f"{_TEMPLATES}<int:template>/", templates.version, name="template"),
    path(f"{_TEMPLATES}<int:template>/xem.<str:ext>", templates.try_out, name="template_try"),
    path(f"{_TEMPLATES}<int:template>/ap-dung/", templates.publish, name="template_publish"),
    path(f"{_TEMPLATES}<int:template>/bo/", templates.discard, name="template_discard"),
]
