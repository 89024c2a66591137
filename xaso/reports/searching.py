"""The words by which a report is found: folded, so that accents do not matter."""

from xaso.kernel.text import fold
from xaso.reports.models import Report, Visibility


def index(report: Report, category: str) -> None:
    """Set the folded words of a report; what is not published never enters the public ones."""
    if report.is_sealed:
        report.fold, report.public_fold = report.code, ""
        return
    village = report.village.name if report.village else ""
    place = f"{village} {report.landmark} {report.km_post}"
    report.fold = fold(f"{report.code} {category} {place} {report.text or ''}")
    is_public = report.visibility == Visibility.PUBLIC
    report.public_fold = fold(f"{category} {place} {report.public_text}") if is_public else ""
