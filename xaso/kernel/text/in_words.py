"""Whole numbers in Vietnamese words, as receipts say money: never translated.

Northern usage (`linh`, `nghìn`); a group inside a number says its hundreds (`không trăm`).
"""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", " nghìn", " triệu")
_BILLION = 10**9


def in_words(number: int) -> str:
    """Return a whole number in words: `21.005` is `hai mươi mốt nghìn không trăm linh năm`."""
    if number < 0:
        return f"âm {in_words(-number)}"
    if number < 10:
        return _DIGITS[number]
    high, low = divmod(number, _BILLION)
    if not high:
        return _below_billion(low, is_inner=False)
    said = f"{in_words(high)} tỷ"
    return f"{said} {_below_billion(low, is_inner=True)}" if low else said


def money(amount: int) -> str:
    """Return an amount of đồng as a receipt writes it: `Bốn nghìn đồng`."""
    said = f"{in_words(amount)} đồng"
    return said[0].upper() + said[1:]


def _below_billion(number: int, *, is_inner: bool) -> str:
    parts: list[str] = []
    for rank in (2, 1, 0):
        group = number // 1000**rank % 1000
        if group:
            parts.append(_hundreds(group, is_inner=is_inner or bool(parts)) + _GROUPS[rank])
    return " ".join(parts)


def _hundreds(group: int, *, is_inner: bool) -> str:
    hundreds, rest = divmod(group, 100)
    said = [f"{_DIGITS[hundreds]} trăm"] if hundreds or is_inner else []
    if rest:
        said.append(_tens(rest, is_after=bool(said)))
    return " ".join(said)


def _tens(rest: int, *, is_after: bool) -> str:
    tens, unit = divmod(rest, 10)
    if not tens:
        return f"linh {_DIGITS[unit]}" if is_after else _DIGITS[unit]
    said = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if not unit:
        return said
    if unit == 1 and tens > 1:
        return f"{said} mốt"
    return f"{said} lăm" if unit == 5 else f"{said} {_DIGITS[unit]}"
