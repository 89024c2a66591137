"""The API of the platform: every room's routes, in one document."""

from django.urls import URLPattern, path

from xaso.kernel.open_api import assembly
from xaso.kernel.open_api.views import places

SHARED = ("communes",)  # routes of no commune

api = assembly.new()
api.add_router("/communes", places.communes)
api.add_router("/villages", places.villages)

_document = path("openapi.json", assembly.described(api, shared=SHARED), name="openapi")
commune_urls: list[URLPattern] = [
    _document,
    *assembly.mounted(api, shared=SHARED, is_shared=False),
]
shared_urls: list[URLPattern] = [
    _document,
    *assembly.mounted(api, shared=SHARED, is_shared=True),
]
