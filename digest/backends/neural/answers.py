"""Raw model output to sentences that can be printed, with a code for everything that was cut."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.backends.neural.leaks import (
    Removal,
    cut_collapse,
    drop_chatter,
    drop_reasoning,
    drop_special_tokens,
    strip_citation_marks,
    without_corrections,
)
from digest.text.sentences import count_words, sentence_spans
from digest.text.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Answer", "Removal", "read_answer"]

_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")
# A full stop where a text was cut off may be the point of "3.5" or belong to "Mr.".
_DOUBTFUL_END = re.compile(
    r"(?:\d|\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|No|vs|Jan|Feb|Mar|Apr|Aug"
    r"|Sept?|Oct|Nov|Dec))\.$"
)
_RULE = re.compile(r"^(?:[-*_=]\s?){3,}$|^```\w*$|^\|[\s:|-]+\|$")
_HEADING = re.compile(r"^#{1,6}\s+")
_BULLET = re.compile(r"^(?:>\s?|[*+•●▪■‣◦·–—-]\s+|\(?\d{1,2}[.)]\s+(?=[A-Z“\"*_]))+")
_LABEL = re.compile(r"^(\*\*|__)[^*_\n]{1,60}?(?::\1|\1\s?:)\s*")
_STRONG = re.compile(r"(\*{1,3}|_{2,3}|(?<!`)`(?!`))(?=\S)([^*`\n]{1,2000}?)(?<=\S)\1")
_LOOSE = re.compile(r"\*{2,4}|(?<!\w)_{2,4}|_{2,4}(?!\w)")
# Checkpoints trained on tokenised news print its quotation marks.
_DOUBLED = re.compile(r"``|(?<![\w'])''|''(?!\w)")
_SPACED_MARK = re.compile(r"(?<=[\w”\")]) +(?=[.,;:!?](?:\s|$))")
# Eight words in a row are no accident: INSTRUCTIONS of prompts.py share none with the articles and
# references in seeds/.
_ECHO = 8
# A point in a list may lack its full stop; a heading is shorter.
_POINT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The sentences of one text, and the codes of what was cut, in order of first occurrence."""

    sentences: tuple[str, ...]
    removed: tuple[Removal, ...]


def read_answer(
    raw: str, *, max_words: int, finished: bool = True, prompt: Sequence[str] = ()
) -> Answer:
    """Return what of a model's answer is text for a reader, at most `max_words` in whole sentences.

    Args:
        raw: what the model gave.
        max_words: whitespace-separated words, never exceeded.
        finished: whether the model ended the text, and not the limit.
        prompt: texts that the model was instructed with; their echo is cut.

    >>> read_answer("Sure! Here is the summary: **Rain** fell [1]. Wait, no. It", max_words=9)
    ... # doctest: +NORMALIZE_WHITESPACE
    Answer(sentences=('Rain fell.',),
        removed=(<Removal.CITATION_MARK: 'citation_mark'>, <Removal.MARKUP: 'markup'>,
                 <Removal.CHATTER: 'chatter'>,
                 <Removal.SELF_CORRECTION: 'self_correction'>, <Removal.FRAGMENT: 'fragment'>))
    """
    removed: list[Removal] = []
    text = raw
    for code, cut in (
        (Removal.REASONING, drop_reasoning),
        (Removal.SPECIAL_TOKEN, drop_special_tokens),
        (Removal.CITATION_MARK, strip_citation_marks),
    ):
        text = _noted(text, cut, code, removed)
    text = "\n".join(_lines(text, removed))
    text = _noted(text, drop_chatter, Removal.CHATTER, removed)
    text = _noted(text, cut_collapse, Removal.LOOP, removed)
    found = without_corrections(_sentences(text), removed)
    found = _without_echo(found, prompt, removed)
    found = _said_once(found, removed)
    found = _complete(found, removed, finished=finished)
    return Answer(
        sentences=tuple(_within(found, max_words, removed)), removed=tuple(dict.fromkeys(removed))
    )


def _noted(text: str, cut: Callable[[str], str], code: Removal, removed: list[Removal]) -> str:
    shorter = cut(text)
    if shorter.split() != text.split():
        removed.append(code)
    return shorter


def _lines(text: str, removed: list[Removal]) -> list[str]:
    """Return the paragraphs of a text without markdown; lines broken in mid-sentence are joined."""
    lines: list[str] = []
    for given in text.splitlines():
        line = " ".join(given.split())
        plain = _plain_line(line)
        if plain != line:
            removed.append(Removal.MARKUP)
        if not plain:
            continue
        goes_on = lines and not _ENDS.search(lines[-1]) and line == plain and plain[:1].islower()
        if goes_on:
            lines[-1] = f"{lines[-1]} {plain}"
        else:
            lines.append(plain)
    return [_SPACED_MARK.sub("", _DOUBLED.sub('"', line)) for line in lines]


def _plain_line(line: str) -> str:
    """Return one line without markdown; empty where it was a heading or a rule."""
    if _RULE.match(line):
        return ""
    heading = _HEADING.match(line)
    bare = line[heading.end() :] if heading else line
    point = _BULLET.match(bare)
    bare = _LABEL.sub("", bare[point.end() :] if point else bare)
    bare = _LOOSE.sub("", _STRONG.sub(r"\2", _STRONG.sub(r"\2", bare))).strip()
    if _ENDS.search(bare) or bare == line or bare.endswith(":"):
        return bare
    if heading or (not point and line.startswith(("**", "__")) and line.endswith(("**", "__"))):
        return ""
    return f"{bare}." if point and count_words(bare) >= _POINT else bare


def _sentences(text: str) -> list[str]:
    return [line[s.start : s.end] for line in text.split("\n") for s in sentence_spans(line)]


def _without_echo(
    sentences: Sequence[str], prompt: Sequence[str], removed: list[Removal]
) -> list[str]:
    """Return the sentences that share no long run of words with the instructions."""
    runs = {run for text in prompt for run in _runs(text)}
    kept = [s for s in sentences if runs.isdisjoint(_runs(s))] if runs else list(sentences)
    if len(kept) < len(sentences):
        removed.append(Removal.PROMPT_ECHO)
    return kept


def _runs(text: str) -> list[tuple[str, ...]]:
    found = [word.lower() for word in words(text)]
    return [tuple(found[i : i + _ECHO]) for i in range(len(found) - _ECHO + 1)]


def _said_once(sentences: Sequence[str], removed: list[Removal]) -> list[str]:
    """Return each sentence where it stands first: a loop ends at its first repetition."""
    first = dict.fromkeys(" ".join(words(s)).lower() or s for s in sentences)
    if len(first) == len(sentences):
        return list(sentences)
    removed.append(Removal.LOOP)
    kept: dict[str, str] = {}
    for sentence in sentences:
        kept.setdefault(" ".join(words(sentence)).lower() or sentence, sentence)
    return list(kept.values())


def _complete(sentences: Sequence[str], removed: list[Removal], *, finished: bool) -> list[str]:
    """Return the sentences that end, the last one only if it surely does."""
    kept = [s for s in sentences if _ENDS.search(s) and any(c.isalpha() for c in s)]
    cut_off = bool(kept) and not finished and kept[-1] == sentences[-1]
    if cut_off and _DOUBTFUL_END.search(kept[-1]):
        kept.pop()
    if len(kept) < len(sentences):
        removed.append(Removal.FRAGMENT)
    return kept


def _within(sentences: Sequence[str], max_words: int, removed: list[Removal]) -> list[str]:
    """Return the longest run of sentences from the first that fits; none fits alone is skipped."""
    kept: list[str] = []
    room = max_words
    for sentence in sentences:
        taken = count_words(sentence)
        if taken > room and kept:
            break
        if taken <= room:
            kept.append(sentence)
            room -= taken
    if len(kept) < len(sentences):
        removed.append(Removal.TOO_LONG)
    return kept
