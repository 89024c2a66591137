"""Addresses of the room: the wall, its figures, the same board for officials."""

from django.urls import path

from xaso.ioc.views import api, desk, score, wall

app_name = "ioc"
urlpatterns = [
    path("ioc/man-hinh/", wall.wall, name="wall"),
    path("ioc/man-hinh/dong/", wall.stream, name="stream"),
    path("ioc/man-hinh/giu.js", wall.keeper, name="keeper"),
    path("ioc/man-hinh/<str:token>/", wall.enter, name="enter"),
    path("can-bo/dieu-hanh/", wall.at_desk, name="desk"),
    path("can-bo/dieu-hanh/diem-766/", score.score, name="score"),
    path("can-bo/dieu-hanh/diem-766/cong/", score.take_portal, name="take_portal"),
    path("can-bo/dieu-hanh/diem-766/chot/", score.close, name="close_month"),
    path("can-bo/dieu-hanh/diem-766/thieu/<str:code>/", score.missing, name="missing"),
    path("can-bo/quan-tri/bo-chi-so/", score.definition, name="definition"),
    path("can-bo/quan-tri/moc-so-sanh/", score.baselines, name="baselines"),
    path(
        "can-bo/quan-tri/moc-so-sanh/<int:baseline>/thoi/",
        score.take_back_baseline,
        name="take_back_baseline",
    ),
    path("can-bo/quan-tri/man-hinh/", desk.screens, name="screens"),
    path("can-bo/quan-tri/man-hinh/<int:device>/thu-hoi/", desk.take_down, name="take_down"),
    path("api/v1/ioc/boards/<slug:board>/snapshot", api.snapshot, name="snapshot"),
]
