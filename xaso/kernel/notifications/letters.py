"""What a channel is handed, and how it may say no."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Letter:
    """A text on its way; `id` lets the receiving side see that it is the same one again.

    `settings`, `secret` and `token` are the commune's account at the channel.
    """

    id: str
    address: str
    title: str
    body: str
    link: str = ""
    tag: str = ""  # what it is about: a later one may take the place of this one
    settings: Mapping[str, Any] = field(default_factory=dict)
    secret: str = ""
    token: str = ""


class Undeliverable(Exception):
    """The address will never take the letter: trying again is of no use."""


class Gone(Undeliverable):
    """Nobody is at the address any more: it can be forgotten."""


class TryLater(Exception):
    """The other side asks for patience; it says how many seconds, or nothing."""

    def __init__(self, said: str, seconds: float | None = None) -> None:
        """Keep the pause that was asked for."""
        super().__init__(said)
        self.seconds = seconds


class NoAnswer(Exception):
    """The letter left and nothing came back: sent again it might arrive twice."""


class NotLetIn(Exception):
    """Our account was refused: the channel has to be set up again, the letter is not at fault."""
