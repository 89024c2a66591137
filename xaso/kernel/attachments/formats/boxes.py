"""Boxes somebody drew on a picture: x, y, width, height in thousandths of its width and height."""

from collections.abc import Iterable, Sequence

from xaso.kernel.attachments.refusals import NoBoxes

MOST = 40
WHOLE = 1_000
Box = tuple[int, int, int, int]


def refuse_wrong_boxes(boxes: Sequence[Box]) -> None:
    """Refuse with NoBoxes when there is none, too many, or one that leaves the picture."""
    if not 0 < len(boxes) <= MOST or not all(_is_inside(box) for box in boxes):
        raise NoBoxes


def _is_inside(box: Box) -> bool:
    x, y, width, height = box
    return min(x, y) >= 0 and min(width, height) > 0 and x + width <= WHOLE and y + height <= WHOLE


def of_cells(cells: Iterable[tuple[int, int]], columns: int, rows: int) -> list[Box]:
    """Return few boxes that cover the ticked cells (column, row) of a grid over the picture.

    Neighbours become one box, so that a face over nine cells is not nine small mosaics.
    """
    left = {(c, r) for c, r in cells if 0 <= c < columns and 0 <= r < rows}
    found = []
    while left:
        column, row = min(left, key=lambda cell: (cell[1], cell[0]))
        wide = 1
        while (column + wide, row) in left:
            wide += 1
        high = 1
        while all((column + n, row + high) in left for n in range(wide)):
            high += 1
        left -= {(column + n, row + m) for n in range(wide) for m in range(high)}
        found.append((column, row, wide, high))
    return [_thousandths(cell, columns, rows) for cell in found]


def _thousandths(cells: tuple[int, int, int, int], columns: int, rows: int) -> Box:
    column, row, wide, high = cells
    x, y = column * WHOLE // columns, row * WHOLE // rows
    right = -(-(column + wide) * WHOLE // columns)
    bottom = -(-(row + high) * WHOLE // rows)
    return x, y, min(WHOLE, right) - x, min(WHOLE, bottom) - y
