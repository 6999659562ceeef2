"""Cleaners for what is left of sentences: orphans, splices, unfinished attributions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.clean.quotations import quotations, unquoted
from digest.clean.sentence_edit import drop_sentences, overlaps, sentences_of
from digest.text.sentences import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.records import Span

_WORD = re.compile(r"\w+")
# The end of a sentence, not of an abbreviation that the splitter took for one.
_FINISHED = re.compile(
    r"(?:(?<!\w)(?!(?:vs|etc|no|al|cf|approx|dept|est|inc|jr|sr|st|ca|pp)\.)[a-z][\w’'-]+|"
    r"(?!(?:Corp|Capt|Prof|Sept|Supt)\.)[\w’'-]{4}|\d|[)%”\"])"
    r"[.!?…][”\"’)]*\s*$"
)


def drop_orphans(text: str) -> str:
    """Remove single words that stand as a sentence, and short tails in lower case.

    >>> drop_orphans("Three officials said so. Ta. They met on Monday. did. “Yes.” Nor was I.")
    'Three officials said so. They met on Monday. “Yes.” Nor was I.'
    """
    if len(sentences_of(text)) < 2:
        return text
    quoted = quotations(text).pairs

    def is_orphan(span: Span) -> bool:
        if any(overlaps(span, pair) for pair in quoted):
            return False
        words = _WORD.findall(text[span.start : span.end])
        if not words:
            return True
        finished = span.start == 0 or _FINISHED.search(text[max(0, span.start - 30) : span.start])
        if not finished or any(character.isdigit() for character in words[0]):
            return False
        return len(words) == 1 or (words[0][0].islower() and len(words) <= 3)

    return drop_sentences(text, is_orphan)


_SPLICE = re.compile(
    r"[a-z][)\]]? (?:If|But|Because|When|They|However|Although|Then|There|Meanwhile|And)"
    r" [a-z]"
)


def drop_spliced_sentences(text: str) -> str:
    """Remove a sentence that starts again in its middle: two were run together.

    >>> drop_spliced_sentences("They voted. We talk about Europe (there) If you have to, he said.")
    'They voted.'
    """
    if not _SPLICE.search(text):
        return text
    return drop_sentences(text, lambda span: bool(_SPLICE.search(text, span.start, span.end)))


_UNFINISHED = re.compile(
    r"\b(?:said|says|added|adds|told|wrote|writes|tweeted|asked|replied|stated|continued|"
    r"explained"
    r"|declared|warned|insisted)\b[^.!?:]{0,60}[:,]$"
)


def drop_unfinished_attributions(paragraphs: Sequence[str]) -> list[str]:
    """Remove "X said:" where nothing that X said follows.

    >>> drop_unfinished_attributions(["Stubb said:", "Leaders met.", "Macron said:", "“Yes.”"])
    ['', 'Leaders met.', 'Macron said:', '“Yes.”']
    """
    result = list(paragraphs)
    for index, text in enumerate(result):
        if not _UNFINISHED.search(text[-120:]):
            continue
        if "".join(paragraphs[index + 1 : index + 2])[:1] in ("“", '"', "‘", "'"):
            continue
        following = any(result[index + 1 :])
        last = sentences_of(text)[-1]
        if following and count_words(text[last.start : last.end]) > 8:
            continue  # a long introduction is complete in itself, whatever list it announces
        result[index] = text[: last.start].rstrip()
    return result


# "I" and "my" anywhere; "we" and "our" only as the subject at the head of a sentence, since news
# prose says "the coldest winter we know".
_FIRST_PERSON = re.compile(
    r"(?<![\w.’'&/-])(?:I(?:[’'](?:m|ve|d|ll)\b| (?=[a-z]))|[Mm]y\b|mine\b|myself\b"
    r"|(?<!told )(?<!tells )(?<!tell )me\b)(?![-’'&/])"
    r"|^\W{0,3}(?:(?:And|But|So|Also|Then|Now|Yes|No|Well|Because|If|When|However),? )?"
    r"(?:We|we|Our|our)\b(?![-&/])"
)
_NUMERAL = re.compile(r"[A-Z][a-z]+ $")
# Share of sentences in the first person, outside quotations, of an article that is not written in
# it. Of 400 random articles 297 have none, 64 up to 8 % (read: leftovers, asides, updates), 39 more
# (read: columns, interviews, blogs).
_LEFTOVER_SHARE = 0.08


def drop_first_person(paragraphs: Sequence[str]) -> list[str]:
    """Remove rare first-person sentences outside quotations: in news prose they lost their speaker.

    An opinion piece or an interview is written in the first person and stays as it is.

    >>> page = [f"Country {n} voted against the plan." for n in range(24)]
    >>> drop_first_person(["They will answer. I’m also worried.", "“I am,” he said.", *page])[:2]
    ['They will answer.', '“I am,” he said.']
    """
    found: list[tuple[int, Span]] = []
    total = 0
    for index, text in enumerate(paragraphs):
        spans = sentences_of(text)
        total += len(spans)
        bare = unquoted(text)
        found += [(index, s) for s in spans if _is_first_person(bare[s.start : s.end])]
    if not found or len(found) > max(1, _LEFTOVER_SHARE * total):
        return list(paragraphs)
    result = list(paragraphs)
    for index in {index for index, _ in found}:
        faults = [span for at, span in found if at == index]
        result[index] = drop_sentences(result[index], faults.__contains__)
    return result


# "ROE: I will stay." has its speaker.
_LABELED = re.compile(r"\s*[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}: ")


def _is_first_person(sentence: str) -> bool:
    if _LABELED.match(sentence):
        return False
    for match in _FIRST_PERSON.finditer(sentence):
        numeral = match.group().startswith("I ") and match.start() > 0
        if not (numeral and _NUMERAL.search(sentence[max(0, match.start() - 20) : match.start()])):
            return True
    return False
