"""Addresses of the room for officials."""

from django.urls import path

from xaso.reports.views import (
    desk,
    desk_alike,
    desk_steps,
    desk_tasks,
    desk_templates,
    figures,
    helping,
    papers,
    rulebook,
    scorecards,
    sealed,
)

app_name = "reports_desk"
urlpatterns = [
    path("can-bo/don-kin/", sealed.index, name="sealed_index"),
    path("can-bo/don-kin/lich-tiep-dan/", sealed.slots, name="reception"),
    path("can-bo/don-kin/<str:code>/", sealed.show, name="sealed"),
    path("can-bo/don-kin/<str:code>/in/", sealed.form, name="sealed_form"),
    path("can-bo/don-kin/<str:code>/anh/<int:number>/", sealed.photo, name="sealed_photo"),
    path("can-bo/don-kin/<str:code>/<slug:what>/", sealed.act, name="sealed_act"),
    path("can-bo/quan-tri/quy-tac/", rulebook.index, name="rulebook"),
    path("can-bo/quan-tri/quy-tac/<str:key>/", rulebook.rule, name="rulebook_one"),
    path("can-bo/phan-anh/", desk.inbox, name="inbox"),
    path("can-bo/phan-anh/gui-ho/", helping.send, name="help"),
    path("can-bo/phan-anh/gui-ho/<str:code>/giay-hen/", helping.slip, name="help_slip"),
    path("can-bo/phan-anh/phieu-giay/", papers.papers, name="papers"),
    path("can-bo/phan-anh/phieu-giay/in/", papers.blank, name="paper_print"),
    path("can-bo/phan-anh/phieu-giay/<int:number>/", papers.paper, name="paper"),
    path("can-bo/phan-anh/phieu-giay/<int:number>/thu/", papers.collect, name="paper_collect"),
    path("can-bo/phan-anh/phieu-giay/<int:number>/cat/", papers.finish, name="paper_finish"),
    path("can-bo/phan-anh/so-lieu/", figures.figures, name="figures"),
    path("can-bo/phan-anh/tai-ve/", figures.export, name="export"),
    path("can-bo/phan-anh/phieu-ngay/", figures.sheet, name="sheet"),
    path("can-bo/phan-anh/bo-loc/", figures.keep_filter, name="keep_filter"),
    path("can-bo/phan-anh/bo-loc/<int:key>/bo/", figures.drop_filter, name="drop_filter"),
    path("can-bo/phan-anh/ket-qua/", scorecards.desk, name="scorecards"),
    path("can-bo/phan-anh/xem-lai/", desk_tasks.listed, name="tasks"),
    path("can-bo/phan-anh/xem-lai/<int:task>/", desk_tasks.one, name="task"),
    path("can-bo/phan-anh/mau/", desk_templates.listed, name="templates"),
    path("can-bo/phan-anh/mau/moi/", desk_templates.write, name="template_new"),
    path("can-bo/phan-anh/mau/<int:template>/", desk_templates.write, name="template"),
    path(
        "can-bo/phan-anh/mau/<int:template>/bo/",
        desk_templates.retire,
        name="template_retire",
    ),
    path("can-bo/phan-anh/<str:code>/giong/", desk_alike.listed, name="alike"),
    path("can-bo/phan-anh/<str:code>/khac/", desk_alike.different, name="different"),
    path("can-bo/phan-anh/<str:code>/", desk.show, name="show"),
    path("can-bo/phan-anh/<str:code>/diem.json", desk.point, name="point"),
    path("can-bo/phan-anh/<str:code>/<slug:verb>/", desk_steps.step, name="step"),
]
