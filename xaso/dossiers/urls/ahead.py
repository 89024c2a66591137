"""Addresses of what the commune does before people ask."""

from django.urls import path

from xaso.dossiers.views import assisted, proactive

app_name = "dossiers_ahead"
urlpatterns = [
    path("can-bo/nop-ho/", assisted.index, name="help"),
    path("can-bo/nop-ho/<uuid:key>/", assisted.fill, name="fill"),
    path("can-bo/nop-ho/<uuid:key>/giay-to/", assisted.papers, name="papers"),
    path("can-bo/nop-ho/<uuid:key>/nop/", assisted.hand_in, name="hand_in"),
    path("can-bo/nop-ho/<uuid:key>/bang-chung/", assisted.evidence, name="evidence"),
    path("can-bo/nop-ho/<uuid:key>/xem-bang-chung/", assisted.proof, name="proof"),
    path("can-bo/nop-ho/<uuid:key>/rut/", assisted.take_back, name="take_back"),
    path("can-bo/chu-dong/", proactive.due, name="due"),
    path("can-bo/chu-dong/quy-tac/", proactive.rules, name="rules"),
    path("can-bo/chu-dong/quy-tac/moi/", proactive.add, name="add_rule"),
    path("can-bo/chu-dong/quy-tac/<slug:code>/", proactive.rule, name="rule"),
    path("can-bo/chu-dong/<slug:code>/<uuid:person>/<slug:verb>/", proactive.act, name="act"),
]
