"""Titles before names: where they start, and what belongs to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.text import lexicon
from digest.text.names import country_code, demonym_code

if TYPE_CHECKING:
    from digest.records import Mention

# The first halves of ranks of two words: "Maj. Gen.", "Rear Adm."
_RANKS = frozenset({"Maj.", "Lt.", "Brig.", "Major", "Lieutenant", "Brigadier", "Rear", "Vice"})

COURTESY = frozenset({"Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms."})
# Whether an office is still held, or which: no title goes, or introduces somebody, without it.
_STANDING = frozenset("former late then outgoing incoming acting interim first second".split())


def start_of_title(text: str, mention: Mention) -> int:
    """Return where the title before a name starts, country included; the name's start if none."""
    before = text[: mention.start]
    words = [(m.group(), m.start()) for m in re.finditer(r"\S+", before)][-6:]
    best = mention.start
    for size in range(1, min(5, len(words)) + 1):
        tail = [word for word, _ in words[-size:]]
        if lexicon.title_at(tail) == size and before.endswith(" "):
            best = words[-size][1]
    if best == mention.start:
        return best
    rank = before[:best].split()[-1:]
    if rank and rank[0] in _RANKS:
        best = before[:best].rstrip().rfind(rank[0])
    owner = before[:best].split()[-1:] or [""]
    if country_code(re.sub(r"['’]s$", "", owner[0])) or demonym_code(owner[0]):
        best = before[:best].rstrip().rfind(owner[0])
    while (word := (before[:best].split() or [""])[-1]).lower() in _STANDING:
        best = before[:best].rstrip().rfind(word)
    return best


def with_article(text: str, start: int) -> int:
    """Return where the article before a title starts: "the French president Macron" → "Macron"."""
    article = re.search(r"\b[Tt]he $", text[:start])
    return article.start() if article else start
