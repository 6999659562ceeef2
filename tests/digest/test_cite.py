from __future__ import annotations

from dataclasses import replace

import pytest

from digest.cite import cite
from digest.config import FactsConfig
from digest.facts import find_facts
from digest.records import Article, Citation, Cluster, Section, Summary, SummarySentence
from digest.sourcing import Sources, held, repeats
from digest.text.entities import Aliases
from tests.digest.building import article, cluster_of

GAZETTE = article(
    "gazette",
    "A gate of the Tamrin dam failed on Saturday and flooded the village of Beldan, killing 12 "
    "people. Governor Emeka Halloran asked for patience.\n\nHe put the cost of repairs at $95 "
    "million. Schools in Kosh Oran stay closed.",
    agency="Varenda Wire",
    publisher="Orsava Gazette",
)
MIRROR = article(
    "mirror",
    "Read more: our guide to dams\n\nOn Saturday a gate of the Tamrin dam failed, flooding the "
    "village of Beldan and killing 12 people. &nbsp;Director Prakash Ilves of the Varenda Water "
    "Authority rejected any blame.",
    publisher="National Mirror",
)
COPY = article(
    "copy",
    "A gate of the Tamrin dam failed on Saturday and flooded the village of Beldan, killing 12 "
    "people there.",
    agency="Varenda Wire",
    publisher="Copy Post",
)


def cited(*texts: str, cluster: Cluster | None = None) -> Section:
    cluster = cluster or cluster_of(GAZETTE, MIRROR, COPY)
    summary = Summary(
        cluster_id=cluster.id,
        backend="scripted",
        headline="Dam fails",
        sentences=tuple(SummarySentence(text=text) for text in texts),
    )
    return cite(summary, cluster, find_facts(cluster, FactsConfig()))


def citations(text: str, *articles: Article) -> tuple[Citation, ...]:
    return cited(text, cluster=cluster_of(*articles) if articles else None).sentences[0].citations


def test_every_span_slices_the_clean_and_the_original_text() -> None:
    by_id = {a.id: a for a in (GAZETTE, MIRROR, COPY)}
    texts = [s.text for a in by_id.values() for s in a.sentences]
    section = cited(*texts)
    assert [s.text for s in section.sentences] == texts
    for sentence in section.sentences:
        assert sentence.citations[0].quote == sentence.text
        assert sentence.citations[0].score == pytest.approx(1.0)
        for citation in sentence.citations:
            source = by_id[citation.article_id]
            assert source.text[citation.start : citation.end] == citation.quote
            assert 0 < citation.score <= 1
            span = citation.original
            original = source.original_text[span.start : span.end]
            assert original.startswith(citation.quote[:20])
            assert original.endswith(citation.quote[-20:])


def test_a_rewording_cites_what_it_was_made_from() -> None:
    found = citations(
        "Beldan was flooded when a gate at the Tamrin dam failed on Saturday.", GAZETTE
    )
    assert [c.quote for c in found] == [GAZETTE.sentences[0].text]


def test_the_name_behind_a_pronoun_is_found_in_a_second_span() -> None:
    found = citations("Emeka Halloran put the cost of repairs at $95 million.")
    assert [c.quote for c in found] == [
        "He put the cost of repairs at $95 million.",
        "Governor Emeka Halloran asked for patience.",
    ]


def test_a_name_from_an_unrelated_sentence_is_not_cited() -> None:
    found = citations("Prakash Ilves put the cost of repairs at $95 million.")
    assert [c.quote for c in found] == ["He put the cost of repairs at $95 million."]


def test_a_figure_is_looked_for_only_where_the_same_is_said() -> None:
    found = citations("Schools in Kosh Oran stay closed at a cost of $95 million.", GAZETTE)
    assert [c.quote for c in found] == ["Schools in Kosh Oran stay closed."]


def test_corroboration_comes_from_one_other_independent_source() -> None:
    text = GAZETTE.sentences[0].text
    other = article("other", MIRROR.text.replace("12", "31"))
    articles = (GAZETTE, COPY, MIRROR, other)
    for independent, expected in (
        ((0, 0, 1, 2), ["gazette", "mirror"]),
        ((0, 1, 2, 3), ["gazette", "copy"]),
        ((0, 0, 0, 1), ["gazette"]),
    ):
        cluster = replace(cluster_of(*articles), independent=independent)
        found = cited(text, cluster=cluster).sentences[0].citations
        assert [c.article_id for c in found] == expected


def test_what_nothing_supports_has_no_citation() -> None:
    assert citations("Markets in Velm rose sharply after elections.") == ()
    assert citations("It is what it is.") == ()
    assert cited().sentences == ()


def test_there_are_never_more_than_three() -> None:
    parts = [
        article("a", "The Tamrin dam failed and Ada Brandt opened a shelter in Beldan."),
        article("b", "The Tamrin dam failed and Olaf Scholz opened a shelter in Beldan."),
        article("c", "The Tamrin dam failed and Keir Starmer opened a shelter in Beldan."),
        article("d", "The Tamrin dam failed and Donald Tusk opened a shelter in Beldan."),
    ]
    text = (
        "The Tamrin dam failed and Ada Brandt, Olaf Scholz, Keir Starmer and Donald Tusk opened a "
        "shelter in Beldan."
    )
    found = citations(text, *parts)
    assert len(found) == 3
    assert len({c.article_id for c in found}) == 3


def test_the_origin_a_backend_claims_is_not_believed() -> None:
    section = cited("Markets in Velm rose sharply.")
    assert section.sentences[0].citations == ()
    assert (section.backend, section.headline, section.id) == ("scripted", "Dam fails", "event")


@pytest.mark.parametrize(("between", "expected"), [(0, 2), (1, 2), (2, 2), (3, 1)])
def test_an_opening_name_may_stand_three_sentences_before(between: int, expected: int) -> None:
    rows = ["Rain fell on the roofs.", "Pumps ran in every cellar.", "Dogs barked at the water."]
    texts = ["Ada Brandt came home.", *rows[:between], "She bought nine boats for the village."]
    source = article("x", " ".join(texts))
    assert len(source.sentences) == len(texts)
    assert len(citations("Ada Brandt bought nine boats for the village.", source)) == expected


def test_held_is_the_share_of_content() -> None:
    one = citations(GAZETTE.sentences[0].text, GAZETTE)
    assert held(GAZETTE.sentences[0].text, one) == 1.0
    assert held("A gate broke in Velm yesterday at noon", one) < 0.5
    assert held("It was as it was.", one) == 0.0
    assert held("Anything at all", ()) == 0.0


def test_repeats_compares_with_each_earlier_sentence() -> None:
    assert repeats(
        "The dam failed in Beldan.", ["Rain.", "In Beldan the dam failed."], at_least=1.0
    )
    assert not repeats("The dam failed in Beldan.", ["Rain fell in Velm."], at_least=0.5)
    assert not repeats("The dam failed.", [], at_least=0.5)


def test_a_citation_of_no_whole_sentence_has_no_index() -> None:
    sources = Sources(cluster_of(GAZETTE), Aliases())
    first = citations(GAZETTE.sentences[1].text, GAZETTE)[0]
    assert sources.index(first) == 1
    stranger = citations(MIRROR.sentences[0].text, MIRROR)[0]
    assert sources.index(stranger) is None
