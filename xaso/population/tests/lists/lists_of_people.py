"""Lists as offices make them, for tests: workbooks and texts, good and bad."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from openpyxl import Workbook

HEAD = (
    "STT", "Mã hộ", "Họ và tên", "Ngày sinh", "Giới tính", "Quan hệ với chủ hộ", "Số CCCD",
    "Dân tộc", "Bản", "Địa chỉ", "Số điện thoại",
)  # fmt: skip
# Invented people.
FAMILY = (
    (1, "H1", "Giàng A Páo", "1/5/1987", "Nam", "Chủ hộ", "012087001234", "Mông", "Nà Đon",
     "Số 1", "0912345678"),
    (2, "H1", "Vàng Thị Dợ", "1990", "Nữ", "Vợ", None, "Mông", "Nà Đon", None, None),
    (3, "H1", "Giàng Thị Mỷ", "2/9/2015", "Nữ", "Con", None, "Mông", "Nà Đon", None, None),
    (4, "H2", "Lò Văn Á", "12/3/1975", "Nam", "Chủ hộ", "012075004321", "Thái", "Nà Đon",
     "Số 2", None),
    (5, "H2", "Lò Thị Ín", "2/1/1990", "Nữ", "Vợ", "012190000777", "Thái", "Nà Đon", None, None),
)  # fmt: skip


def workbook(
    rows: Sequence[Sequence[Any]],
    head: Sequence[Any] = HEAD,
    change: Callable[[Workbook], None] | None = None,
) -> bytes:
    """Return a workbook with a head and rows; `change` works on it before it is saved."""
    book = Workbook()
    sheet = book.active
    if head:
        sheet.append(head)
    for row in rows:
        sheet.append(row)
    if change:
        change(book)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """Return a workbook's bytes, never the same twice: a list already taken in is refused."""
    book.properties.identifier = str(uuid4())
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_part(book: bytes, name: str, body: bytes) -> bytes:
    """Return a workbook with one more part in its package."""
    buffer = io.BytesIO(book)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr(name, body, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def text(rows: Sequence[Sequence[Any]], sign: str = ",", head: Sequence[Any] = HEAD) -> str:
    """Return a text with a head and rows."""
    lines = [head, *rows]
    return "\r\n".join(
        sign.join("" if cell is None else str(cell) for cell in line) for line in lines
    )
