from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.records import Entity, Label
from digest.text.entities import Aliases
from eval.metrics.citations import (
    CitedText,
    RuleSupport,
    citation_scores,
    citations_signature,
)
from eval.records import ArticleRow, SourceSpan

if TYPE_CHECKING:
    from collections.abc import Sequence

_TEXT = (
    "The Orsava dam broke on Monday. Rescue teams saved 120 people. "
    "Prime Minister Ana Ilves visited the valley. Repairs will cost $95 million."
)
_ARTICLE = ArticleRow(id="a", text=_TEXT, title="Dam breaks near Orsava")


def _span(quote: str, article: str = "a") -> SourceSpan:
    start = _TEXT.index(quote)
    return SourceSpan(article_id=article, start=start, end=start + len(quote), quote=quote)


_DAM = _span("The Orsava dam broke on Monday.")
_SAVED = _span("Rescue teams saved 120 people.")
_VISIT = _span("Prime Minister Ana Ilves visited the valley.")


def _cited(sentence: str, *citations: SourceSpan) -> CitedText:
    return CitedText(sentence=sentence, citations=citations)


def test_a_cited_copy_scores_one() -> None:
    found = citation_scores([_cited("Rescue teams saved 120 people.", _SAVED)], [_ARTICLE])
    assert (found.recall, found.precision, found.f1, found.misquoted) == (1.0, 1.0, 1.0, 0)


def test_sentences_that_cite_nothing_count_against_recall() -> None:
    texts = [_cited("Rescue teams saved 120 people."), _cited(_DAM.quote, _DAM)]
    found = citation_scores(texts, [_ARTICLE])
    assert (found.sentences, found.cited, found.recall, found.precision) == (2, 1, 0.5, 1.0)


def test_of_no_sentence_nothing_is_known() -> None:
    found = citation_scores([], [_ARTICLE])
    assert found.recall is found.precision is found.f1 is None


def test_citing_nothing_is_no_way_to_a_better_mean() -> None:
    found = citation_scores([_cited("The dam broke.")], [_ARTICLE])
    assert (found.recall, found.precision, found.f1) == (0.0, None, 0.0)


@pytest.mark.parametrize(
    "sentence",
    [
        "Rescue teams saved 210 people.",
        "Rescue teams saved 120 people in Velmar.",
        "Rescue teams saved 120 people on Friday.",
        "Rescue teams said they “saved everybody” of 120 people.",
        "Officials doubt whether the warnings reached 120 people.",
        "It was so.",
    ],
)
def test_what_the_span_does_not_say_is_unsupported(sentence: str) -> None:
    found = citation_scores([_cited(sentence, _SAVED)], [_ARTICLE])
    assert (found.supported, found.precise) == (0, 0)
    assert (found.recall, found.precision, found.f1) == (0.0, 0.0, 0.0)


def test_a_superfluous_citation_is_imprecise() -> None:
    found = citation_scores([_cited("Rescue teams saved 120 people.", _SAVED, _VISIT)], [_ARTICLE])
    assert (found.recall, found.precision) == (1.0, 0.5)


def test_spans_that_support_only_together_are_both_precise() -> None:
    both = "Rescue teams saved 120 people when the Orsava dam broke on Monday."
    alone = citation_scores([_cited(both, _SAVED)], [_ARTICLE])
    together = citation_scores([_cited(both, _SAVED, _DAM)], [_ARTICLE])
    assert alone.recall == 0.0
    assert (together.recall, together.precision) == (1.0, 1.0)


def test_swapped_citations_fail() -> None:
    spans = [_DAM, _SAVED, _VISIT]
    right = citation_scores([_cited(s.quote, s) for s in spans], [_ARTICLE])
    swapped = [_cited(s.quote, other) for s, other in zip(spans, [*spans[1:], _DAM], strict=True)]
    wrong = citation_scores(swapped, [_ARTICLE])
    assert (right.recall, wrong.recall, wrong.precision) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    "span",
    [
        SourceSpan(article_id="a", start=1, end=1 + len(_SAVED.quote), quote=_SAVED.quote),
        SourceSpan(article_id="b", start=_SAVED.start, end=_SAVED.end, quote=_SAVED.quote),
        SourceSpan(article_id="a", start=-5, end=9_999, quote=_SAVED.quote),
        SourceSpan(article_id="a", start=0, end=0, quote="Rescue teams saved 120 people."),
        SourceSpan(article_id="a", start=0, end=0, quote=""),
    ],
)
def test_misquotes_are_counted_and_support_nothing(span: SourceSpan) -> None:
    found = citation_scores([_cited("Rescue teams saved 120 people.", span)], [_ARTICLE])
    assert (found.misquoted, found.recall, found.precision) == (1, 0.0, 0.0)
    beside = citation_scores([_cited(_SAVED.quote, span, _SAVED)], [_ARTICLE])
    assert (beside.misquoted, beside.recall, beside.precision) == (1, 1.0, 0.5)


def test_titles_can_be_cited() -> None:
    title = SourceSpan(article_id="a", start=0, end=0, quote="Dam breaks near Orsava")
    found = citation_scores([_cited("A dam broke near Orsava.", title)], [_ARTICLE])
    assert (found.misquoted, found.recall) == (0, 1.0)


def test_a_second_article_with_an_id_has_a_number() -> None:
    other = ArticleRow(id="a", text="Nothing of that kind.")
    second = _span(_SAVED.quote, "a#2")
    found = citation_scores([_cited(_SAVED.quote, second)], [other, _ARTICLE])
    assert (found.misquoted, found.recall) == (0, 1.0)


def test_aliases_are_the_clusters() -> None:
    sentence = "Vonna visited the valley."
    spellings = ("Ana Ilves", "Vonna")
    entity = Entity(name="Ana Ilves", label=Label.PERSON, spellings=spellings, article_ids=("a",))
    without = citation_scores([_cited(sentence, _VISIT)], [_ARTICLE])
    known = citation_scores(
        [_cited(sentence, _VISIT)], [_ARTICLE], supports=RuleSupport(Aliases([entity]))
    )
    assert (without.recall, known.recall) == (0.0, 1.0)


class _SaysYesToTwo:
    signature = "two-quotes"

    def __call__(self, sentence: str, quotes: Sequence[str]) -> bool:
        return bool(sentence) and len(quotes) >= 2


def test_another_judge_of_support_decides() -> None:
    found = citation_scores(
        [_cited("Anything.", _DAM, _SAVED, _VISIT), _cited("Something.", _DAM)],
        [_ARTICLE],
        supports=_SaysYesToTwo(),
    )
    # None of three is needed where two do, and none supports alone.
    assert (found.recall, found.precision) == (0.5, 0.0)
    assert citations_signature(_SaysYesToTwo()) == "citations|def:alce|support:two-quotes|v:1"


def test_the_bar_is_checked() -> None:
    with pytest.raises(ValueError, match=r"at_least must be in \(0, 1\], got 0"):
        RuleSupport(at_least=0)
    assert "0.7" in citations_signature(RuleSupport(at_least=0.7))
