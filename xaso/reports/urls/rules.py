"""Addresses of the administrator's screens for routing and duty."""

from django.urls import path

from xaso.reports.views import rules

app_name = "reports_rules"
_RULES = "can-bo/quan-tri/luat-chuyen-viec/"
_DUTY = "can-bo/quan-tri/lich-truc/"
urlpatterns = [
    path(_RULES, rules.rules, name="list"),
    path(f"{_RULES}ban-sua/", rules.draft, name="draft"),
    path(f"{_RULES}ban-sua/them/", rules.one_rule, name="add"),
    path(f"{_RULES}ban-sua/bo/", rules.discard, name="discard"),
    path(f"{_RULES}ban-sua/<uuid:rule>/", rules.one_rule, name="rule"),
    path(f"{_RULES}ban-sua/<uuid:rule>/<slug:what>/", rules.change, name="change"),
    path(f"{_RULES}chay-thu/", rules.try_out, name="try"),
    path(f"{_RULES}chuyen-lai/", rules.reroute, name="reroute"),
    path(_DUTY, rules.roster, name="roster"),
    path(f"{_DUTY}<int:shift>/bo/", rules.off_duty, name="off_duty"),
]
