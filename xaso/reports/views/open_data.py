"""Open data: the published reports as files anybody may use, without personal data."""

from datetime import date

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header

from xaso.kernel.text import dates
from xaso.kernel.web.caching import public
from xaso.kernel.web.http import CommuneRequest, citizen_page
from xaso.kernel.working_time import clock
from xaso.reports import tables
from xaso.reports.queries import exporting

_FORMS = (tables.CSV, tables.XLSX, tables.JSON, tables.GEOJSON)
_FIRST_YEAR = 2025  # communes of this size exist since 2025-07-01
_KEPT = 300


@public(_KEPT)
@citizen_page
def page(request: CommuneRequest) -> HttpResponse:
    """Say what there is, what each column means, and how to take it."""
    years = _years()
    context = {
        "years": [(year, [(form, _address(form, year)) for form in _FORMS]) for year in years],
        "columns": exporting.OPEN_DATA.items(),
        "catalogue": reverse("reports:open_catalogue"),
    }
    return render(request, "reports/citizen/open_data.html", context)


@public(_KEPT)
@citizen_page
def file(request: CommuneRequest, form: str) -> HttpResponse:
    """Return the published reports of a year (`nam`, by default this one) in a form."""
    if form not in _FORMS:
        raise Http404
    year = _year(request.GET.get("nam", ""))
    between = exporting.Between(date(year, 1, 1), date(year, 12, 31))
    root = request.build_absolute_uri("/").rstrip("/")
    rows = exporting.open_rows(request.commune, between, root=root)
    body = tables.written(form, list(exporting.OPEN_DATA), rows)
    name = f"phan-anh-{request.commune.slug}-{year}.{form}"
    response = HttpResponse(body, content_type=tables.TYPES[form])
    response["Content-Disposition"] = str(
        content_disposition_header(as_attachment=form in (tables.CSV, tables.XLSX), filename=name)
    )
    response["Access-Control-Allow-Origin"] = "*"  # public facts, no cookie is read
    return response


@public(_KEPT)
@citizen_page
def catalogue(request: CommuneRequest) -> HttpResponse:
    """Describe the data to machines (W3C DCAT 3, JSON-LD)."""
    here = request.build_absolute_uri
    files = [
        {
            "@type": "dcat:Distribution",
            "dct:title": f"{year}.{form}",
            "dcat:downloadURL": {"@id": here(_address(form, year))},
            "dcat:mediaType": tables.TYPES[form].partition(";")[0],
        }
        for year in _years()
        for form in _FORMS
    ]
    body = {
        "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
        "@id": here(reverse("reports:open_data")),
        "@type": "dcat:Dataset",
        "dct:title": f"Phản ánh đã công khai, {request.commune.full_name}",
        "dct:publisher": f"UBND {request.commune.full_name}",
        "dct:language": "vi",
        "dct:accrualPeriodicity": "continuous",
        "dcat:distribution": files,
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _address(form: str, year: int) -> str:
    return f"{reverse('reports:open_file', args=[form])}?nam={year}"


def _years() -> list[int]:
    """Return the years there can be reports of, this one first."""
    return list(range(dates.local(clock.now()).year, _FIRST_YEAR - 1, -1))


def _year(text: str) -> int:
    years = _years()
    if not text:
        return years[0]
    if text not in {str(year) for year in years}:
        raise Http404
    return int(text)
