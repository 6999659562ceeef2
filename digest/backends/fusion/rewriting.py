"""The embedded models at work in the fusion backend: shorter wordings, joined sentences."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from digest.backends.embedded.tagger import Tagger, shipped
from digest.backends.fusion.candidates import Wording
from digest.backends.fusion.joins import Joiner
from digest.backends.fusion.shorten import Shortener
from digest.backends.fusion.tighten import tighten

if TYPE_CHECKING:
    from collections.abc import Sequence


class ModelRewriter:
    """Loads the models when the first cluster needs them."""

    def __init__(self, compress: Tagger | None = None, fuse: Tagger | None = None) -> None:
        """Take models other than those that ship, for measurements and tests."""
        self._given = compress, fuse

    def shorten(self, texts: Sequence[str]) -> list[tuple[Wording, ...]]:
        """Return the shorter wordings of each sentence, doubt about their grammar as quality."""
        return [
            tuple(Wording(text=short.text, quality=1 - short.doubt / 2) for short in found)
            for found in self._shortener(texts)
        ]

    def join(self, first: str, second: str) -> str | None:
        """Return two neighbours as one sentence, None where that is not sure to say the same."""
        return self._joiner(first, second)

    def tighten(self, text: str) -> str:
        """Return a sentence in fewer and plainer words that say the same."""
        return tighten(text)

    @cached_property
    def _shortener(self) -> Shortener:
        return Shortener(self._given[0] or shipped("compress"), self._fuse)

    @cached_property
    def _joiner(self) -> Joiner:
        return Joiner(self._fuse)

    @cached_property
    def _fuse(self) -> Tagger:
        return self._given[1] or shipped("fuse")
