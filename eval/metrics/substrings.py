"""Which stretches of a sequence stand in another, found in linear time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


class SuffixAutomaton:
    """Every substring of a token sequence, built in linear time (Blumer et al. 1985).

    A position index would visit every occurrence of a token: for 10,000 equal words that is the
    square. Here a walk costs one look-up per token, whatever the source repeats.
    """

    def __init__(self, tokens: Sequence[Hashable]) -> None:
        """Index a sequence."""
        self.tokens = len(tokens)
        self._next: list[dict[Hashable, int]] = [{}]
        self._link = [-1]
        self._length = [0]
        last = 0
        for token in tokens:
            last = self._extend(last, token)

    def _extend(self, last: int, token: Hashable) -> int:
        new = self._state({}, self._length[last] + 1)
        state = last
        while state != -1 and token not in self._next[state]:
            self._next[state][token] = new
            state = self._link[state]
        if state == -1:
            self._link[new] = 0
            return new
        target = self._next[state][token]
        if self._length[state] + 1 == self._length[target]:
            self._link[new] = target
            return new
        clone = self._state(dict(self._next[target]), self._length[state] + 1)
        self._link[clone] = self._link[target]
        while state != -1 and self._next[state].get(token) == target:
            self._next[state][token] = clone
            state = self._link[state]
        self._link[target] = self._link[new] = clone
        return new

    def _state(self, following: dict[Hashable, int], length: int) -> int:
        self._next.append(following)
        self._link.append(0)
        self._length.append(length)
        return len(self._next) - 1

    def match(self, tokens: Sequence[Hashable], start: int = 0) -> int:
        """Return how many tokens from `start` on stand together in the sequence.

        >>> SuffixAutomaton("abcab").match("xbcad", 1)
        3
        """
        state = 0
        for position in range(start, len(tokens)):
            following = self._next[state].get(tokens[position])
            if following is None:
                return position - start
            state = following
        return len(tokens) - start
