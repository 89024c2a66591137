"""Addresses of the exchange with other systems."""

from django.urls import path

from xaso.dossiers.views import exchange

app_name = "dossiers_exchange"
urlpatterns = [
    path("can-bo/trao-doi-ho-so/", exchange.index, name="index"),
    path("can-bo/trao-doi-ho-so/tai-ve/", exchange.export, name="export"),
    path("can-bo/trao-doi-ho-so/nhap/", exchange.take_in, name="import"),
    path("can-bo/trao-doi-ho-so/thong-diep/", exchange.hand_out, name="messages"),
    path("can-bo/trao-doi-ho-so/tra-loi/", exchange.answers, name="answers"),
    path("can-bo/trao-doi-ho-so/doi-soat/", exchange.compare, name="compare"),
    path("can-bo/trao-doi-ho-so/chot-thang/", exchange.close_month, name="close_month"),
    path(
        "can-bo/trao-doi-ho-so/doi-soat/<int:reconciliation>/",
        exchange.reconciliation,
        name="reconciliation",
    ),
]
