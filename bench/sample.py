"""A report as a phone sends it."""

from typing import Any


def new_report(number: int = 0) -> dict[str, Any]:
    """Return a report, a little different each time."""
    return {
        "v": 1,
        "text": f"Đèn đường ở ngã ba không sáng đã {number + 2} hôm, tối đi lại rất khó.",
        "category": "LIGHT",
        "place": {"village": "BL-01", "landmark": "ngã ba", "source": "village"},
        "lang": "vie",
    }
