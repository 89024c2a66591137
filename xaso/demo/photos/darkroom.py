"""Develops the drawn photos beforehand: the same picture serves three communes."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO

from xaso.demo.photos import scenes
from xaso.kernel.attachments import workshop

Key = tuple[str, int, bool]

_AT_ONCE = 2  # each opens a sandbox process of its own
_pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="darkroom")
_works: dict[Key, Future[workshop.Work]] = {}


def begin(keys: Iterable[Key]) -> None:
    """Begin to develop photos in the background, the first ones first."""
    for key in keys:
        _begun(key)


def work(key: Key) -> workshop.Work:
    """Return what the sandbox made of a photo, waiting for it."""
    return _begun(key).result()


def _begun(key: Key) -> Future[workshop.Work]:
    if key not in _works:
        _works[key] = _pool.submit(_develop, key)
    return _works[key]


def _develop(key: Key) -> workshop.Work:
    scene, variant, after = key
    with BytesIO(scenes.photo(scene, variant, after=after)) as file:
        return workshop.opened("picture", file)
