"""Addresses of the register at the desk."""

from django.urls import path

from xaso.population.views import cases, changing, figures, households, persons, repairing, search

app_name = "population_desk"
_ROOM = "can-bo/dan-cu/"
_HOUSE, _WHO = f"{_ROOM}ho/<str:household>/", f"{_ROOM}nguoi/<uuid:person>/"
urlpatterns = [
    path(_ROOM, search.index, name="index"),
    path(f"{_ROOM}them-ho/", households.add, name="add"),
    path(f"{_ROOM}can-sua/", repairing.lists, name="repair"),
    path(f"{_ROOM}trung/", cases.listed, name="cases"),
    path(f"{_ROOM}trung/<uuid:case>/", cases.case, name="case"),
    path(f"{_ROOM}gop/<uuid:merge>/", cases.merge, name="merge"),
    path(f"{_ROOM}gop/<uuid:merge>/xac-nhan/", cases.confirm, name="confirm"),
    path(f"{_ROOM}gop/<uuid:merge>/tach-lai/", cases.undo, name="undo"),
    path(f"{_ROOM}ban/<int:village>/di-tham/", households.visits, name="visits"),
    path(f"{_ROOM}ban/<int:village>/danh-sach.csv", households.visits_file, name="visits_file"),
    path(f"{_ROOM}so-lieu/", figures.page, name="figures"),
    path(_HOUSE, households.card, name="household"),
    path(f"{_HOUSE}thay-doi/", changing.choose, name="choose"),
    path(f"{_HOUSE}thay-doi/<slug:verb>/", changing.change, name="change"),
    path(_WHO, persons.show, name="person"),
    path(f"{_WHO}so/<uuid:paper>/hien/", persons.reveal, name="reveal"),
    path(f"{_WHO}so/<uuid:paper>/tra-loi/", persons.answer, name="answer"),
    path(f"{_WHO}lien-he/<uuid:contact>/hien/", persons.reveal_contact, name="reveal_contact"),
    path(f"{_WHO}so-sanh/", cases.compare, name="compare"),
    path(f"{_WHO}nhay-cam/", persons.sensitive, name="sensitive"),
    path(f"{_WHO}su-kien/<uuid:event>/nham/", persons.reverse_event, name="reverse"),
    path(f"{_WHO}<slug:verb>/", persons.edit, name="edit"),
]
