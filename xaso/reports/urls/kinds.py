"""Addresses of the administrator's screens for kinds of matters."""

from django.urls import path

from xaso.reports.views import kinds

app_name = "reports_kinds"
_KINDS = "can-bo/quan-tri/loai-viec/"
_ONE = f"{_KINDS}<int:category>/"
urlpatterns = [
    path(_KINDS, kinds.kinds, name="list"),
    path(f"{_KINDS}them/", kinds.add, name="add"),
    path(_ONE, kinds.kind, name="kind"),
    path(f"{_ONE}thoi-han/", kinds.term, name="term"),
    path(f"{_ONE}cau-hoi/", kinds.question, name="ask"),
    path(f"{_ONE}cau-hoi/<int:question>/", kinds.question, name="question"),
    path(f"{_ONE}cau-hoi/<int:question>/thoi/", kinds.stop_asking, name="stop"),
]
