"""Who may keep a copy of a page: nobody of personal ones, everybody of public ones."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import conditional_page

View = Callable[..., HttpResponseBase]


def personal(view: View) -> View:
    """Mark a page with personal data: no browser, proxy or service worker keeps it."""

    @wraps(view)
    def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return marked


def public(seconds: int) -> Callable[[View], View]:
    """Mark a page anyone may see: kept for some seconds, then asked for again by its ETag.

    The copy differs by cookie because language and big letters are chosen by cookie.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            if response.status_code == 200 and "Cache-Control" not in response:
                patch_cache_control(response, public=True, max_age=seconds)
                patch_vary_headers(response, ["Cookie"])
            return response

        return conditional_page(marked)

    return decorate
