"""Remember what was made of the texts seen last, within a bound on their length."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def remember(
    *, characters: int
) -> Callable[[Callable[Concatenate[str, P], R]], Callable[Concatenate[str, P], R]]:
    """Return a decorator for functions of a text, whose results for the last texts are kept.

    `functools.lru_cache` counts calls; 20,000 sentences are 3 MB, and as many articles, with what
    is made of them, gigabytes. Here the texts are counted by their characters: when those kept
    exceed the bound they become the old ones, and what is not asked for again until the next time
    is forgotten. A text longer than a quarter of the bound is not kept.

    >>> @remember(characters=100)
    ... def shout(text: str) -> str:
    ...     print("once")
    ...     return text.upper()
    >>> shout("a"), shout("a")
    once
    ('A', 'A')

    Args:
        characters: of the young and of the old texts, each.
    """

    def decorate(function: Callable[Concatenate[str, P], R]) -> Callable[Concatenate[str, P], R]:
        generations: list[dict[Any, R]] = [{}, {}]
        size = 0

        @wraps(function)
        def remembering(text: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
            nonlocal size
            young, old = generations
            key: Any = (text, args, *kwargs.items()) if args or kwargs else text
            if key in young:
                return young[key]
            found = old[key] if key in old else function(text, *args, **kwargs)
            if len(text) <= characters // 4:
                if size > characters:
                    generations[:] = [{}, young]
                    size = 0
                generations[0][key] = found
                size += len(text) + 1
            return found

        return remembering

    return decorate
