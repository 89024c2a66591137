"""TCVN3 ("ABC"): the eight-bit writing of old Vietnamese files (TCVN 5712:1993, VN3).

Capitals with a tone exist only in fonts: such texts come out in small letters.
"""

_SMALL = {
    0xA8: "ă", 0xA9: "â", 0xAA: "ê", 0xAB: "ô", 0xAC: "ơ", 0xAD: "ư", 0xAE: "đ",
    0xB5: "à", 0xB6: "ả", 0xB7: "ã", 0xB8: "á", 0xB9: "ạ",
    0xBB: "ằ", 0xBC: "ẳ", 0xBD: "ẵ", 0xBE: "ắ", 0xC6: "ặ",
    0xC7: "ầ", 0xC8: "ẩ", 0xC9: "ẫ", 0xCA: "ấ", 0xCB: "ậ",
    0xCC: "è", 0xCE: "ẻ", 0xCF: "ẽ", 0xD0: "é", 0xD1: "ẹ",
    0xD2: "ề", 0xD3: "ể", 0xD4: "ễ", 0xD5: "ế", 0xD6: "ệ",
    0xD7: "ì", 0xD8: "ỉ", 0xDC: "ĩ", 0xDD: "í", 0xDE: "ị",
    0xDF: "ò", 0xE1: "ỏ", 0xE2: "õ", 0xE3: "ó", 0xE4: "ọ",
    0xE5: "ồ", 0xE6: "ổ", 0xE7: "ỗ", 0xE8: "ố", 0xE9: "ộ",
    0xEA: "ờ", 0xEB: "ở", 0xEC: "ỡ", 0xED: "ớ", 0xEE: "ợ",
    0xEF: "ù", 0xF1: "ủ", 0xF2: "ũ", 0xF3: "ú", 0xF4: "ụ",
    0xF5: "ừ", 0xF6: "ử", 0xF7: "ữ", 0xF8: "ứ", 0xF9: "ự",
    0xFA: "ỳ", 0xFB: "ỷ", 0xFC: "ỹ", 0xFD: "ý", 0xFE: "ỵ",
}  # fmt: skip
_CAPITAL = {0xA1: "Ă", 0xA2: "Â", 0xA3: "Ê", 0xA4: "Ô", 0xA5: "Ơ", 0xA6: "Ư", 0xA7: "Đ"}
_TABLE = {byte: byte for byte in range(0x80)} | {
    byte: ord(letter) for byte, letter in (_SMALL | _CAPITAL).items()
}


def decoded(data: bytes) -> str:
    """Return the text of TCVN3 bytes; ValueError when a byte stands for no letter."""
    text = data.decode("latin-1")
    unknown = {ord(letter) for letter in set(text)} - set(_TABLE)
    if unknown:
        raise ValueError(f"no letters: {sorted(unknown)}")
    return text.translate(_TABLE)


def encoded(text: str) -> bytes:
    """Return a text as TCVN3 bytes: for making files as old programs write them."""
    back = {letter: byte for byte, letter in _TABLE.items()}
    return text.translate(back).encode("latin-1")
