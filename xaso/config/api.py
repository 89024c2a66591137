"""The API of the platform: every room's routes, in one document."""

from django.urls import URLPattern, path

from xaso.kernel.open_api import assembly
from xaso.kernel.open_api.views import places
from xaso.reports.views import adding_api, desk_api, hazard_api, helped_api
from xaso.reports.views import api as reports

SHARED = ("communes",)  # routes of no commune

api = assembly.new()
api.add_router("/communes", places.communes)
api.add_router("/villages", places.villages)
api.add_router("/categories", reports.categories)
api.add_router("/reports", reports.router)
api.add_router("/reports", hazard_api.position)
api.add_router("/reports", adding_api.added)
api.add_router("/reports", helped_api.helped)
api.add_router("/desk/reports", desk_api.desk)

_document = path("openapi.json", assembly.described(api, shared=SHARED), name="openapi")
commune_urls: list[URLPattern] = [
    _document,
    *assembly.mounted(api, shared=SHARED, is_shared=False),
]
shared_urls: list[URLPattern] = [
    _document,
    *assembly.mounted(api, shared=SHARED, is_shared=True),
]
