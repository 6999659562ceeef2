"""What the sources say of each mention of an output: a level, and the sentence that shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from digest.records import Mention, Support
from digest.text.entities import evidence, strongest, support
from digest.text.names import fold
from digest.text.relative import scorable
from digest.text.words import content_stems
from eval.metrics.anchoring import CLOSEST, closest
from eval.metrics.entity_keys import entity_keys
from eval.metrics.entity_namesakes import namesake
from eval.metrics.entity_sources import SourceSet, line_sentences, source_set
from eval.metrics.extractors import cased
from eval.records import EntityVerdict, Level, SourceSpan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eval.metrics.entity_sources import Article, Passage
    from eval.records import ArticleRow

_FOUND = (Level.VERBATIM, Level.NORMALISED, Level.ALIAS)
_STRENGTH = {level: rank for rank, level in enumerate(_FOUND)}


class Anchor(Protocol):
    """Ranks articles by what they share with an output sentence, without the mention's tokens."""

    def __call__(
        self, sentence: str, mention: str, articles: Sequence[str], *, k: int, text: str = ""
    ) -> tuple[int, ...]:
        """Return the numbers of at most about k articles; `text` is the whole output."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """One mention of an output, as the sources are asked about it.

    `written` is its own spelling there; `context` is the output with its capitals, None for
    a mention that stands elsewhere.
    """

    mention: Mention
    written: str
    context: str | None
    output: str
    sentence: str
    key: str


def judge(
    prediction: str,
    mentions: Sequence[Mention],
    sources: Sequence[ArticleRow],
    *,
    k: int = CLOSEST,
    anchor: Anchor = closest,
) -> tuple[EntityVerdict, ...]:
    """Return one verdict per mention, in their order.

    `union` is the strongest level of any article, `anchored` that of the k articles closest to the
    mention's sentence. A mention that no article supports is CONFLICT where it is a person's full
    name and articles give the surname to people of other given names only, UNSCORABLE where it is
    a date that counts from a day nobody knows, else NONE.

    Args:
        prediction: the output.
        mentions: what it names; offsets index it. Their text may differ in capitals.
        sources: the articles.
        k: how many articles a sentence is held against; at least 1.
        anchor: how the closest articles are found.

    Raises:
        ValueError: k is below 1, or a mention lies outside the prediction.

    >>> from eval.records import ArticleRow
    >>> from digest.records import Label
    >>> mention = Mention(text="Otto Brandt", label=Label.PERSON, start=0, end=11)
    >>> rows = [ArticleRow(id="a", text="It rained. Ada Brandt left.")]
    >>> judge("Otto Brandt left.", [mention], rows)[0].evidence
    SourceSpan(article_id='a', start=11, end=27, quote='Ada Brandt left.')
    """
    if k < 1:
        raise ValueError(f"k must be 1 or more, got {k}")
    known = source_set(tuple(sources))
    return tuple(
        _verdict(question, known, k=k, anchor=anchor)
        for question in _questions(prediction, mentions, known)
    )


def _questions(
    prediction: str, mentions: Sequence[Mention], known: SourceSet
) -> Iterable[_Question]:
    text = cased(prediction, known.texts) if mentions else prediction
    spans = list(line_sentences(prediction))
    for mention, key in zip(mentions, entity_keys(mentions), strict=True):
        if not 0 <= mention.start < mention.end <= len(prediction):
            raise ValueError(
                f"the mention {mention.text!r} at {mention.start}..{mention.end} lies outside "
                f"a prediction of {len(prediction)} characters"
            )
        around = next((s for s in spans if s.start <= mention.start < s.end), None)
        yield _Question(
            mention=mention,
            written=prediction[mention.start : mention.end],
            context=text,
            output=prediction,
            sentence=prediction[around.start : around.end] if around else prediction,
            key=key,
        )


def _verdict(question: _Question, known: SourceSet, *, k: int, anchor: Anchor) -> EntityVerdict:
    mention = question.mention
    levels = [_level(question, article, known) for article in known.articles]
    union = _strongest(levels)
    near: Sequence[int] = range(len(levels))
    if k < len(levels):
        near = anchor(question.sentence, mention.text, known.texts, k=k, text=question.output)
    anchored = _strongest([levels[number] for number in near])
    shown = None
    if union is Level.NONE:
        other_person = namesake(mention, known.people)
        if other_person is not None:
            union = anchored = Level.CONFLICT
            number, other = other_person
            asked = replace(question, mention=other, context=None)
            shown = _evidence(asked, [number], known, level=Level.VERBATIM)
        elif not scorable(mention, known.published):
            union = anchored = Level.UNSCORABLE
    else:
        best = union if anchored is Level.NONE else anchored
        holders = range(len(levels)) if anchored is Level.NONE else sorted(near)
        shown = _evidence(question, [n for n in holders if levels[n] is best], known, level=best)
    return EntityVerdict(
        text=question.written,
        label=mention.label,
        start=mention.start,
        end=mention.end,
        key=question.key,
        union=union,
        anchored=anchored,
        evidence=shown,
    )


def _level(question: _Question, article: Article, known: SourceSet) -> Level:
    found = support(
        question.mention,
        article.evidence,
        known.aliases,
        context=question.context,
        published=known.published,
        source_published=article.row.published,
    )
    changed = question.written != question.mention.text and question.written not in article.row.text
    if found is Support.VERBATIM and changed:
        found = Support.NORMALISED  # the output writes it without the article's capitals
    return Level(found.value)


def _strongest(levels: Sequence[Level]) -> Level:
    return Level(strongest([Support(level.value) for level in levels]).value)


def _evidence(
    question: _Question, numbers: Sequence[int], known: SourceSet, *, level: Level
) -> SourceSpan | None:
    """Return the sentence that supports best: by level, then by content shared, then by order.

    `level` is that of the articles: no sentence is looked at behind the first that reaches it.
    Where an article supports what no sentence of it holds whole, the one with most of its words.
    """
    wanted = frozenset(content_stems(question.sentence))
    ranked = sorted(
        (
            (-len(wanted & frozenset(content_stems(passage.quote))), number, place, passage)
            for number in numbers
            for place, passage in enumerate(known.articles[number].passages)
        ),
        key=lambda one: one[:3],
    )
    best: tuple[int, int, Passage] | None = None
    for _, number, _, passage in ranked:
        rank = _rank(question, passage, known, number)
        if rank is not None and (best is None or rank < best[0]):
            best = (rank, number, passage)
            if rank <= _STRENGTH[level]:
                break
    if best is None:
        words = frozenset(fold(question.mention.text).split())
        held = [(_held(words, passage), number, passage) for _, number, _, passage in ranked]
        best = max((one for one in held if one[0]), key=lambda one: one[0], default=None)
    if best is None:
        return None
    _, number, passage = best
    return SourceSpan(
        article_id=known.articles[number].row.id,
        start=passage.start,
        end=passage.end,
        quote=passage.quote,
    )


def _held(words: frozenset[str], passage: Passage) -> int:
    return len(words & frozenset(evidence(passage.read).folded.split()))


def _rank(question: _Question, passage: Passage, known: SourceSet, number: int) -> int | None:
    level = support(
        question.mention,
        evidence(passage.read),
        known.aliases,
        context=question.context,
        published=known.published,
        source_published=known.articles[number].row.published,
    )
    return _STRENGTH.get(Level(level.value))
