"""Develops the drawn photos beforehand: the same picture serves three communes."""

from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from itertools import product

from xaso.demo.photos import scenes
from xaso.kernel.attachments import workshop

Key = tuple[str, int, bool]

_AT_ONCE = 2  # each opens a sandbox process of its own
_pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="darkroom")
_works: dict[Key, Future[workshop.Work]] = {}


def begin() -> None:
    """Begin to develop every variant of every scene in the background."""
    for key in product(scenes.SCENES, range(scenes.VARIANTS), (False, True)):
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
