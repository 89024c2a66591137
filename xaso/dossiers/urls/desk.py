"""Addresses of the room for officials."""

from django.urls import path

from xaso.dossiers.views import catalogue, centre, desk, many

app_name = "dossiers_desk"
urlpatterns = [
    path("can-bo/ho-so/", desk.index, name="index"),
    path("can-bo/ho-so/bang-buoc/", desk.table, name="table"),
    path("can-bo/ho-so/nhieu/chuyen/", many.hand_over, name="hand_many"),
    path("can-bo/ho-so/nhieu/ky/", many.sign, name="sign_many"),
    path("can-bo/ho-so/nhieu/tra/", many.give, name="give_many"),
    path("can-bo/thu-tuc/", catalogue.index, name="catalogue"),
    path("can-bo/thu-tuc/them/", catalogue.add, name="add_procedure"),
    path("can-bo/thu-tuc/nhap/", catalogue.take_in, name="catalogue_import"),
    path("can-bo/thu-tuc/cai-dat/", centre.settings, name="settings"),
    path("can-bo/thu-tuc/vang-mat/", centre.absences, name="absences"),
    path("can-bo/thu-tuc/<int:procedure>/", catalogue.procedure, name="procedure"),
    path("can-bo/thu-tuc/<int:procedure>/soan/", catalogue.draft, name="draft"),
    path("can-bo/thu-tuc/ban/<int:version>/", catalogue.version, name="version"),
    path("can-bo/thu-tuc/ban/<int:version>/tai-ve/", catalogue.export, name="version_export"),
    path("can-bo/thu-tuc/ban/<int:version>/xem-thu/", catalogue.preview, name="version_preview"),
    path("can-bo/thu-tuc/ban/<int:version>/cong-bo/", catalogue.publish, name="version_publish"),
    path("can-bo/thu-tuc/ban/<int:version>/bo/", catalogue.discard, name="version_discard"),
    path("can-bo/thu-tuc/ban/<int:version>/ngung/", catalogue.retire, name="version_retire"),
    path("can-bo/thu-tuc/ban/<int:version>/sua/<slug:part>/", catalogue.edit, name="version_edit"),
    path("can-bo/ho-so/<uuid:dossier>/", desk.show, name="show"),
    path("can-bo/ho-so/<uuid:dossier>/<slug:verb>/", desk.step, name="step"),
]
