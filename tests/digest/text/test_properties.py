"""What must hold for any text at all."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest.records import Support
from digest.text import lexicon
from digest.text.alignment import Aligner
from digest.text.dates import date_mentions
from digest.text.entities import Aliases, evidence, support
from digest.text.linkage import average_linkage
from digest.text.linking import link_entities
from digest.text.mentions import find_mentions, is_headline_case, name_mentions
from digest.text.names import (
    country_code,
    demonym_code,
    fold,
    is_acronym_of,
    is_known_place,
    name_key,
    same_person,
    same_transliteration,
    transliteration_key,
    without_possessive,
)
from digest.text.numbers import approximates, quantities, same_quantity
from digest.text.quotes import balanced, quotation_key, quotations
from digest.text.runs import is_all_capitals
from digest.text.sentences import count_words, sentence_spans
from digest.text.shingles import jaccard, shingles
from digest.text.vectors import candidate_pairs, similarity, tfidf
from digest.text.words import content_stems, lower_case_words, stem, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.records import Mention
    from digest.text.dates import DateMention
    from digest.text.numbers import Quantity

# Pieces that rules look at, so that random texts get into their corners.
_OF_ONE: tuple[Callable[[str], object], ...] = (
    stem, words, content_stems, fold, name_key, country_code, demonym_code, is_known_place,
    transliteration_key, is_headline_case, is_all_capitals, date_mentions, balanced,
    quotation_key, count_words, name_mentions, without_possessive,
)  # fmt: skip
_NAMES = """U.S.|Us|EU|al-Assad|von der|Bank of|President|President of|Mr.|May|the|J.|said|and|&
Rubio-Lavrov|US-Russia|pro-Russian|Erdoğan|İ|ß|ﬁ|F-16|LOUD WORDS HERE|Ministry of|Northern
FBI Director|Zelenskyy|日本|🙂|\u200b|\u0301"""
_FIGURES = """$|A$|5|1,146|2.5|%|per cent|million|half a|and a half|twenty|two|hundred and|some|g|bn
more than|24 February 2022|Monday|2022|2022-02-24"""
_PIECES = [*re.split(r"[|\n]", f"{_NAMES}|{_FIGURES}"), *'“”"«»’‘…-.?()\n ', "'s", "[5]."]
_NEWS = st.lists(st.sampled_from(_PIECES), max_size=12).map(" ".join)
_GLUED = st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)
# The first call imports pysbd or scikit-learn, which no deadline should have to know.
_CALM = settings(deadline=None)
TEXTS = st.one_of(_NEWS, _GLUED, st.text(max_size=60))


@_CALM
@given(TEXTS, TEXTS)
def test_nothing_crashes(left: str, right: str) -> None:
    for function in _OF_ONE:
        function(left)
    lower_case_words([left, right])
    lexicon.title_at(words(left))
    for pair in (same_person, same_transliteration, is_acronym_of):
        pair(left, right)
    for a in quantities(left):
        for b in quantities(right):
            assert same_quantity(a, b) == same_quantity(b, a)
            assert not (same_quantity(a, b) and approximates(a, b))


@_CALM
@given(TEXTS)
def test_spans_hold_what_they_say(text: str) -> None:
    mentions = find_mentions(text)
    everything: list[Mention | Quantity | DateMention] = [*mentions, *quantities(text)]
    for found in everything + list(date_mentions(text)):
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        assert found.text == found.text.strip() or found in mentions
    assert list(mentions) == sorted(mentions, key=lambda m: (m.start, m.end, m.label))
    plain = [m for m in mentions if m.label.value != "QUOTE"]
    assert all(a.end <= b.start for a, b in pairwise(plain))
    assert all(0 <= s.start < s.end <= len(text) for s in quotations(text))


@_CALM
@given(TEXTS)
def test_sentences_hold_every_character_once(text: str) -> None:
    spans = sentence_spans(text)
    held: set[int] = set()
    last = 0
    for span in spans:
        assert last <= span.start < span.end <= len(text)
        assert not text[span.start].isspace()
        assert not text[span.end - 1].isspace()
        held.update(range(span.start, span.end))
        last = span.end
    assert all(index in held or text[index].isspace() for index in range(len(text)))


@_CALM
@given(st.text(max_size=40))
@example("a . b")
@example("ŉ’s U․S․")
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@_CALM
@given(TEXTS)
@example("2000A0 and 2022 people")
def test_a_text_supports_its_own_mentions_verbatim(text: str) -> None:
    source = evidence(text)
    for mention in find_mentions(text):
        assert support(mention, source, Aliases()) is Support.VERBATIM, mention


@_CALM
@given(TEXTS, TEXTS)
def test_similarity_and_jaccard_are_symmetric_shares(left: str, right: str) -> None:
    for value, turned in (
        (similarity(left, right), similarity(right, left)),
        (jaccard(shingles(left), shingles(right)), jaccard(shingles(right), shingles(left))),
    ):
        assert 0.0 <= value <= 1.0
        assert value == turned
    assert similarity(left, left) == (1.0 if content_stems(left) else 0.0)
    assert jaccard(shingles(left), shingles(left)) == 1.0
    assert jaccard(frozenset(), frozenset()) == 0.0


@_CALM
@given(st.lists(TEXTS, max_size=6), TEXTS, st.integers(1, 3))
def test_matches_are_ranked_shares(sources: list[str], text: str, limit: int) -> None:
    matches = Aligner(sources).matches(text, limit=limit)
    assert len(matches) <= limit
    assert all(0.0 < match.score <= 1.0 for match in matches)
    scores = [round(match.score, 6) for match in matches]
    assert scores == sorted(scores, reverse=True)


@settings(max_examples=30, deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_candidate_pairs_reach_the_bar(texts: list[str]) -> None:
    rows = tfidf(texts)
    assert rows.shape[0] == len(texts)
    dense = rows.toarray()
    for i, j, cosine in candidate_pairs(rows, at_least=0.2):
        assert i < j
        assert cosine >= 0.2 - 1e-9
        assert cosine == pytest.approx(float(dense[i] @ dense[j]))


# Distinct values: where two pairs are equally near, either may be joined first.
_PAIRS = [(i, j) for i in range(6) for j in range(i + 1, 6)]
_EDGES = st.tuples(
    st.lists(st.sampled_from(_PAIRS), unique=True),
    st.permutations([round(0.05 + 0.0617 * rank, 4) for rank in range(len(_PAIRS))]),
).map(lambda drawn: dict(zip(*drawn, strict=False)))


@settings(deadline=None)
@given(_EDGES, st.integers(1, 19).map(lambda n: n / 20 + 0.013))
def test_average_linkage_equals_scipy(
    edges: dict[tuple[int, int], float], threshold: float
) -> None:
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - as the module does

    distance = np.ones((6, 6))
    for (i, j), value in edges.items():
        distance[i, j] = distance[j, i] = 1.0 - value
    condensed = distance[np.triu_indices(6, 1)]
    flat = fcluster(linkage(condensed, "average"), t=1.0 - threshold, criterion="distance")
    order = {label: rank for rank, label in enumerate(dict.fromkeys(flat.tolist()))}
    expected = [order[label] for label in flat.tolist()]
    got = average_linkage(6, [(i, j, v) for (i, j), v in edges.items()], threshold=threshold)
    assert got == expected


@_CALM
@given(st.dictionaries(st.sampled_from("abcd"), TEXTS, max_size=4))
def test_linking_loses_no_name(texts: dict[str, str]) -> None:
    found = {key: name_mentions(text) for key, text in texts.items()}
    entities = link_entities(found)
    spellings = [spelling for entity in entities for spelling in entity.spellings]
    assert sorted(spellings) == sorted({m.text for mentions in found.values() for m in mentions})
    assert all(entity.name in entity.spellings for entity in entities)
