"""Addresses of lists of people."""

from django.urls import path

from xaso.population.views import list_exports, lists

app_name = "population_lists"
_ROOT = "can-bo/dan-cu/nhap-danh-sach/"
urlpatterns = [
    path(_ROOT, lists.index, name="index"),
    path(_ROOT + "<uuid:key>/", lists.show, name="list"),
    path(_ROOT + "<uuid:key>/tien-do/", lists.progress, name="progress"),
    path(_ROOT + "<uuid:key>/thu-lai/", lists.try_again, name="try_again"),
    path(_ROOT + "<uuid:key>/doc-lai/", lists.read_again, name="read_again"),
    path(_ROOT + "<uuid:key>/cot/", lists.columns, name="columns"),
    path(_ROOT + "<uuid:key>/dong/<int:row>/", lists.decide, name="decide"),
    path(_ROOT + "<uuid:key>/loai/", lists.decide_kind, name="decide_kind"),
    path(_ROOT + "<uuid:key>/duyet/", lists.approve, name="approve"),
    path(_ROOT + "<uuid:key>/so-lai/", lists.compare_again, name="compare_again"),
    path(_ROOT + "<uuid:key>/hoan-tac/", lists.undo, name="undo"),
    path(_ROOT + "<uuid:key>/vang/", lists.missing, name="missing"),
    path(_ROOT + "<uuid:key>/loi.xlsx", lists.wrong, name="wrong"),
    path("can-bo/dan-cu/xuat-danh-sach/", list_exports.residents, name="export"),
]
