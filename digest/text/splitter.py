"""pysbd's English rules, each pattern compiled once: the same sentences in a third of the time.

pysbd makes patterns of every abbreviation and of every sentence that it finds, far more than `re`
keeps compiled; of 77 s of cleaning 1,000 articles, compiling took 45. This module alone may import
pysbd, and is imported where the first paragraph is split.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pysbd.lang.english import English
from pysbd.segmenter import Segmenter
from pysbd.utils import TextSpan

_ABBREVIATIONS = tuple(
    (name, re.compile(rf"(?:^|\s|\r|\n){name}", re.IGNORECASE))
    for name in (listed.strip() for listed in English.Abbreviation.ABBREVIATIONS)
)
_PREPOSITIVE = frozenset(English.Abbreviation.PREPOSITIVE_ABBREVIATIONS)
_NUMBERED = frozenset(English.Abbreviation.NUMBER_ABBREVIATIONS)
# Letters that match an ASCII one where case is ignored, though they are not lowered to it.
_ALIKE = str.maketrans("ıſ", "is", "\u0307")
_HIDDEN_POINT = "∯"


class _Abbreviations(English.AbbreviationReplacer):  # type: ignore[misc] # pysbd has no types
    """Hides the points of abbreviations, as pysbd does.

    pysbd asks whether a capital follows by a pattern that holds braces, so it never finds one where
    the text has none; and it replaces as often as an abbreviation occurs, the first time all.
    """

    def search_for_abbreviations_in_string(self, text: str) -> str:
        if "." not in text:
            return text
        if "{" in text:
            return str(super().search_for_abbreviations_in_string(text))
        lowered = text.lower()
        plain = lowered.translate(_ALIKE)
        for name, pattern in _ABBREVIATIONS:
            if name not in lowered or ("." not in name and f"{name}." not in plain):
                continue
            for found in dict.fromkeys(match.strip() for match in pattern.findall(text)):
                text = _pointed(found).sub(_HIDDEN_POINT, f" {text}")[1:]
        return text


@lru_cache(maxsize=2_000)
def _pointed(found: str) -> re.Pattern[str]:
    """Return the pattern of the point behind an abbreviation that ends no sentence."""
    lowered = found.lower()
    if lowered in _PREPOSITIVE:
        return re.compile(rf"(?<=\s{found})\.(?=(\s|:\d+))")
    if lowered in _NUMBERED:
        return re.compile(rf"(?<=\s{found})\.(?=(\s\d|\s+\())")
    after = r"(\.|\:|-|\?|,)|(\s([a-z]|I\s|I'm|I'll|\d|\())"
    return re.compile(rf"(?<=\s{re.escape(found)})\.(?=({after}))")


class _English(English):  # type: ignore[misc] # pysbd has no types
    AbbreviationReplacer = _Abbreviations


class EnglishSegmenter(Segmenter):  # type: ignore[misc] # pysbd has no types
    """Cuts a paragraph into its sentences, white space included; `segment` is all one calls."""

    def __init__(self) -> None:
        super().__init__(language="en", clean=False)
        self.language_module = _English

    def sentences_with_char_spans(self, sentences: list[str]) -> list[TextSpan]:
        """Find the sentences in the text, each with the white space behind it."""
        text: str = self.original_text
        spans: list[TextSpan] = []
        reached = 0
        for sentence in sentences:
            start = text.find(sentence)
            while start >= 0:
                end = start + len(sentence)
                while end < len(text) and text[end].isspace():
                    end += 1
                if end > reached:
                    spans.append(TextSpan(text[start:end], start, end))
                    reached = end
                    break
                start = text.find(sentence, max(end, start + 1))
        return spans
