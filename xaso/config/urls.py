"""A commune's addresses; each room owns the rest of the path."""

from django.urls import URLPattern, URLResolver, include, path

from xaso.config.api import commune_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("xaso.portal.urls")),
    path("", include("xaso.kernel.web.urls")),
    path("", include("xaso.kernel.identity.urls")),
    path("", include("xaso.documents.urls")),
    path("", include("xaso.reports.urls")),
    path("", include("xaso.reports.urls.kinds")),
    path("", include("xaso.reports.urls.rules")),
    path("", include("xaso.reports.urls.clocks")),
    path("", include("xaso.reports.urls.bodies")),
    path("", include("xaso.reports.urls.desk")),
    path("", include("xaso.reports.urls.open311")),
    path("", include("xaso.dossiers.urls")),
    path("", include("xaso.dossiers.urls.keeping")),
    path("", include("xaso.dossiers.urls.returning")),
    path("", include("xaso.dossiers.urls.desk")),
    path("", include("xaso.dossiers.urls.ahead")),
    path("", include("xaso.dossiers.urls.rounds")),
    path("", include("xaso.dossiers.urls.queue")),
    path("", include("xaso.dossiers.urls.offline")),
    path("", include("xaso.dossiers.urls.reception")),
    path("", include("xaso.dossiers.urls.results")),
    path("", include("xaso.dossiers.urls.exchange")),
    path("api/v1/", include((commune_urls, "api"))),
    path("", include("xaso.kernel.attachments.urls")),
    path("", include("xaso.population.urls")),
    path("", include("xaso.desk.urls")),
    path("", include("xaso.ioc.urls")),
    path("", include("xaso.population.views.list_addresses")),
    path("", include("xaso.population.views.rights_addresses")),
    path("", include("xaso.population.views.manage_addresses")),
    path("", include("xaso.population.views.breach_addresses")),
    path("", include("xaso.population.views.own_addresses")),
    path("", include("xaso.population.views.open_addresses")),
]

handler400 = "xaso.kernel.web.views.handler400"
handler403 = "xaso.kernel.web.views.handler403"
handler404 = "xaso.kernel.web.views.handler404"
handler500 = "xaso.kernel.web.views.handler500"
