"""Addresses of the room: for residents, and one outside every commune."""

from django.urls import path

from xaso.reports.views import (
    alike,
    asking,
    citizen,
    following,
    hazard,
    holding,
    incoming,
    listening,
    open_data,
    outbox,
    own,
    plain,
    rating,
    reaching,
    scorecards,
    sending,
)

app_name = "reports"
urlpatterns = [
    path("bao-nguy-hiem/", hazard.send, name="hazard"),
    path("bao-nguy-hiem/ngoai-mang/", hazard.shell, name="hazard_shell"),
    path("bao-nguy-hiem/<str:code>/", hazard.sent, name="hazard_sent"),
    path("phan-anh/", citizen.board, name="board"),
    path("phan-anh/diem.json", citizen.points, name="points"),
    path("phan-anh/gui/", sending.send, name="send"),
    path("phan-anh/giong/", alike.fragment, name="alike"),
    path("phan-anh/ket-qua/", scorecards.public, name="scorecards"),
    path("phan-anh/gui/ngoai-mang/", sending.shell, name="shell"),
    path("phan-anh/gui/hoi/", asking.sheet, name="asked"),
    path("phan-anh/gui/chia-se/", outbox.shared, name="shared"),
    path("phan-anh/da-gui/", outbox.sent, name="sent"),
    path("phan-anh/tra-cuu/", citizen.look_up, name="look_up"),
    path("du-lieu-mo/", open_data.page, name="open_data"),
    path("du-lieu-mo/danh-muc.json", open_data.catalogue, name="open_catalogue"),
    path("du-lieu-mo/phan-anh.<str:form>", open_data.file, name="open_file"),
    path("phan-anh/<str:code>/", citizen.track, name="track"),
    path("phan-anh/<str:code>/giay-hen/", sending.receipt, name="receipt"),
    path("phan-anh/<str:code>/bao-tin/", reaching.way, name="way"),
    path("phan-anh/<str:code>/bao-tin/may/", listening.listen, name="listen"),
    path("phan-anh/<str:code>/bao-tin/may/thoi/", listening.stop, name="listen_no_more"),
    path("bao-tin/dia-chi-moi/", listening.relisten, name="relisten"),
    path("bao-tin/tin-den/", incoming.text, name="incoming_text"),
    path("phan-anh/<str:code>/khong-phai-toi/", reaching.not_mine_by_phone, name="not_mine_phone"),
    path("khong-phai-toi/<str:token>/", reaching.not_mine, name="not_mine"),
    path("phan-anh/<str:code>/xa-giu-gi/", holding.held, name="held"),
    path("phan-anh/<str:code>/xa-giu-gi/tai-ve.json", holding.download, name="held_file"),
    path("phan-anh/<str:code>/xa-giu-gi/de-nghi/", holding.ask, name="held_ask"),
    path(
        "phan-anh/<str:code>/xa-giu-gi/de-nghi/<int:key>/rut/",
        holding.take_back,
        name="held_take_back",
    ),
    path("phan-anh/<str:code>/cua-toi/", own.own, name="own"),
    path("phan-anh/<str:code>/cua-toi/<slug:verb>/", own.act, name="act"),
    path("phan-anh/<str:code>/cung-gap/", following.follow, name="follow"),
    path("phan-anh/<str:code>/theo-doi/", following.page, name="follower"),
    path("phan-anh/<str:code>/theo-doi/<slug:verb>/", following.act, name="follower_act"),
    path("phan-anh/<str:code>/danh-gia/<str:token>/", rating.by_link, name="rate"),
]
shared = [
    path("t/<str:code>", plain.track, name="plain"),
    path("t/<str:code>/<str:token>", plain.rate, name="plain_rate"),
]
