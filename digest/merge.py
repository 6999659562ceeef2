"""Sections -> Draft: order, repetition across sections, word budget of the whole page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from digest.records import Draft, Withheld, WithheldReason
from digest.text.sentences import count_words
from digest.text.vectors import Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.config import MergeConfig
    from digest.records import CitedSentence, Section


def merge(sections: Sequence[Section], config: MergeConfig) -> Draft:
    """Order sections by how many independent sources report them, then trim.

    A sentence that repeats one of an earlier section is withheld, and so is what goes beyond
    `config.max_words`: whole sentences, from the end. `kept + withheld == given`.
    """
    ordered = sorted(sections, key=lambda s: (-len(set(s.cluster.independent)), s.id))
    kept: list[Section] = []
    withheld: list[Withheld] = []
    printed = Said(at_least=config.max_similarity)
    room = config.max_words
    for section in ordered:
        sentences: list[CitedSentence] = []
        for sentence in section.sentences:
            words = count_words(sentence.text)
            reason = None
            if printed.repeats(sentence.text):
                reason = WithheldReason.REPETITION
            elif room is not None and words > room:
                reason = WithheldReason.TOO_LONG
                room = 0
            if reason:
                withheld.append(Withheld(text=sentence.text, reason=reason, section_id=section.id))
                continue
            room = None if room is None else room - words
            sentences.append(sentence)
        for sentence in sentences:
            printed.add(sentence.text)
        kept.append(replace(section, sentences=tuple(sentences)))
    return Draft(sections=tuple(kept), withheld=tuple(withheld))
