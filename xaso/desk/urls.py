"""Addresses of the officials' desk."""

from django.urls import path, register_converter

from xaso.desk.dates_in_addresses import IsoDate
from xaso.desk.views import (
    administration,
    calls,
    channels,
    copies,
    costs,
    home,
    house,
    outbox,
    payee,
    province,
    voices,
    work_calendar,
)

app_name = "desk"
register_converter(IsoDate, "iso_date")
_OFFICIALS = "can-bo/quan-tri/can-bo/"
_OUTBOX, _CHANNELS = "can-bo/quan-tri/tin-nhan/", "can-bo/quan-tri/kenh/"
_CALENDAR = "can-bo/quan-tri/lich-lam-viec/"
urlpatterns = [
    path("can-bo/", home.home, name="home"),
    path("can-bo/tinh/", province.communes, name="province"),
    path("can-bo/goi-dien/", calls.calls, name="calls"),
    path("can-bo/goi-dien/<uuid:message>/", calls.call, name="call"),
    path("can-bo/goi-dien/<uuid:message>/<slug:what>/", calls.note_call, name="call_note"),
    path("can-bo/ban-sao/<uuid:person>/<slug:form>/", copies.copy, name="copy"),
    path(_OUTBOX, outbox.outbox, name="outbox"),
    path(f"{_OUTBOX}<uuid:message>/gui-lai/", outbox.send_again, name="send_again"),
    path(_CHANNELS, channels.channels, name="channels"),
    path(f"{_CHANNELS}chi-phi/", costs.spending, name="spending"),
    path(f"{_CHANNELS}zalo/ve/", channels.zalo_back, name="zalo_back"),
    path(f"{_CHANNELS}zalo/ma/", channels.zalo_token, name="zalo_token"),
    path(f"{_CHANNELS}<slug:channel>/", channels.channel, name="channel"),
    path(f"{_CHANNELS}<slug:channel>/dung/", channels.pause_channel, name="channel_pause"),
    path(f"{_CHANNELS}<slug:channel>/thu/", channels.test_channel, name="channel_test"),
    path("can-bo/quan-tri/", house.administration, name="administration"),
    path("can-bo/quan-tri/viec-hong/", house.dead_jobs, name="dead_jobs"),
    path("can-bo/quan-tri/nhat-ky/", house.log_book, name="log_book"),
    path("can-bo/quan-tri/suc-khoe/", house.wellbeing, name="wellbeing"),
    path("can-bo/quan-tri/giong-noi/", voices.voices, name="voices"),
    path(_CALENDAR, work_calendar.year, name="work_calendar"),
    path(f"{_CALENDAR}<int:number>/", work_calendar.year, name="work_calendar_year"),
    path(f"{_CALENDAR}soan/", work_calendar.draft_year, name="work_calendar_draft"),
    path(f"{_CALENDAR}ngay/<iso_date:on>/", work_calendar.day, name="work_calendar_day"),
    path(f"{_CALENDAR}dong-cua/", work_calendar.closure, name="work_calendar_closure"),
    path(f"{_CALENDAR}gio/", work_calendar.hours, name="work_calendar_hours"),
    path(f"{_CALENDAR}cong-bo/", work_calendar.publish, name="work_calendar_publish"),
    path(f"{_CALENDAR}vi-sao/", work_calendar.why, name="work_calendar_why"),
    path(_OFFICIALS, administration.officials, name="officials"),
    path(f"{_OFFICIALS}them/", administration.add_official, name="official_add"),
    path(f"{_OFFICIALS}<int:official>/", administration.one_official, name="official"),
    path(f"{_OFFICIALS}<int:official>/vai-tro/", administration.give_role, name="role_give"),
    path(
        f"{_OFFICIALS}<int:official>/vai-tro/<int:assignment>/thoi/",
        administration.end_role,
        name="role_end",
    ),
    path(
        f"{_OFFICIALS}<int:official>/mat-khau/",
        administration.reset_password,
        name="official_password",
    ),
    path(
        f"{_OFFICIALS}<int:official>/<slug:what>/",
        administration.change_account,
        name="official_change",
    ),
    path("can-bo/quan-tri/don-vi/", administration.units, name="units"),
    path("can-bo/quan-tri/don-vi/<int:unit>/phu-trach/", administration.set_head, name="unit_head"),
    path("can-bo/quan-tri/tai-khoan-thu/", payee.payee, name="payee"),
    path("can-bo/quan-tri/khoa-api/", administration.api_keys, name="api_keys"),
    path(
        "can-bo/quan-tri/khoa-api/<int:api_key>/thu-hoi/",
        administration.revoke_api_key,
        name="api_key_revoke",
    ),
]
