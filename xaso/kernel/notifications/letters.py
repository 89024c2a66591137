"""What a channel is handed, and how it may say no."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """A text on its way; `id` lets the receiving side see that it is the same one again."""

    id: str
    address: str
    title: str
    body: str


class Undeliverable(Exception):
    """The address will never take the letter: trying again is of no use."""
