"""Addresses that belong to no commune: the list of communes, codes, sign-in, health."""

from django.urls import URLPattern, URLResolver, include, path

from xaso.config.api import shared_urls
from xaso.portal import urls as portal
from xaso.reports import urls as reports

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((portal.shared, "portal"))),
    path("", include("xaso.kernel.web.urls")),
    path("", include("xaso.kernel.identity.urls")),
    path("", include(reports.shared)),
    path("api/v1/", include((shared_urls, "api"))),
]

handler400 = "xaso.kernel.web.views.handler400"
handler403 = "xaso.kernel.web.views.handler403"
handler404 = "xaso.kernel.web.views.handler404"
handler500 = "xaso.kernel.web.views.handler500"
