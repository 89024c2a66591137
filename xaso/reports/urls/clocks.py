"""Addresses of what waits for a yes and of what runs out of time."""

from django.urls import path

from xaso.reports.views import clocks

app_name = "reports_clocks"
urlpatterns = [
    path("can-bo/phan-anh/cho-duyet/", clocks.approvals, name="approvals"),
    path("can-bo/phan-anh/cho-duyet/<int:approval>/<slug:verb>/", clocks.decide, name="decide"),
    path("can-bo/phan-anh/den-han/", clocks.pressing, name="pressing"),
]
