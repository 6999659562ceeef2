"""Coroutines for callers that have no event loop, or whose own is busy, as in a notebook."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _End(Generic[T]):
    """The last thing in the queue; what went wrong, if anything."""

    error: BaseException | None


def in_background(
    produce: Callable[[Callable[[T], None]], Coroutine[object, object, None]],
) -> Iterator[T]:
    """Yield what a coroutine function hands to the callable it is given, as it comes.

    It runs in an event loop of its own, in a thread of its own. An exception of the coroutine is
    raised here; a caller that stops early cancels it.
    """
    queue: SimpleQueue[T | _End[T]] = SimpleQueue()
    loop = asyncio.new_event_loop()
    task = loop.create_task(produce(queue.put))

    def work() -> None:
        error: BaseException | None = None
        try:
            loop.run_until_complete(task)
        except BaseException as raised:  # noqa: BLE001 - raised again where the caller is
            error = raised
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        queue.put(_End(error))

    thread = threading.Thread(target=work, name="digest-endpoint", daemon=True)
    thread.start()
    try:
        while not isinstance(item := queue.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
        loop.close()
