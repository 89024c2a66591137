"""Numbers as people here write them: a dot between thousands, a comma before decimals."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language

Number = int | float | Decimal


def so(value: Number, places: int | None = None) -> str:
    """Return a number for reading: `so(1234.5)` is `1.234,5` (`1,234.5` on English pages).

    `places` rounds half up to so many decimals and shows all of them; without it a number keeps
    the decimals it has. Raises ValueError for what is not a finite number.
    """
    number = Decimal(str(value))
    if not number.is_finite():
        message = f"not a number to show: {value}"
        raise ValueError(message)
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    elif number != number.to_integral_value():
        number = number.normalize()
    else:
        number = number.to_integral_value()
    shown = f"{number if number else abs(number):,f}"
    return shown if _english() else shown.translate(str.maketrans(",.", ".,"))


def share(part: Number, whole: Number, places: int = 0) -> str:
    """Return a share in per cent, `41` of `46` is `89%`; an empty whole gives an empty text.

    An empty text means "no figure yet"; it is never shown as 0.
    """
    if not whole:
        return ""
    return f"{so(Decimal(str(part)) * 100 / Decimal(str(whole)), places)}%"


def _english() -> bool:
    return (get_language() or "vi").startswith("en")
