from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.config import MergeConfig
from digest.merge import merge
from digest.records import CitedSentence, Cluster, Draft, Facts, Section, WithheldReason
from digest.text.sentences import count_words
from tests.digest.building import article

_ARTICLE = article("a", "Rain fell in Beldan on Monday.")
_FACTS = Facts(cluster_id="x", facts=(), entities=(), conflicts=())


def section(name: str, *texts: str, sources: int = 1) -> Section:
    cluster = Cluster(
        id=name, articles=(_ARTICLE,) * sources, independent=tuple(range(sources)), given=True
    )
    return Section(
        id=name,
        backend="lead",
        headline=name,
        sentences=tuple(CitedSentence(text=text, citations=()) for text in texts),
        cluster=cluster,
        facts=_FACTS,
    )


def kept(draft: Draft) -> list[str]:
    return [sentence.text for section in draft.sections for sentence in section.sentences]


def test_what_more_sources_report_comes_first_then_by_id() -> None:
    given_sections = [section("c"), section("b", sources=2), section("a")]
    draft = merge(given_sections, MergeConfig())
    assert [one.id for one in draft.sections] == ["b", "a", "c"]


def test_one_agency_in_many_papers_is_one_source() -> None:
    wire = section("wire", sources=3)
    one = Cluster(id="wire", articles=wire.cluster.articles, independent=(0, 0, 0))
    copied = Section(
        id="wire", backend="lead", headline="", sentences=(), cluster=one, facts=_FACTS
    )
    assert [s.id for s in merge([copied, section("two", sources=2)], MergeConfig()).sections] == [
        "two",
        "wire",
    ]


def test_a_later_section_does_not_repeat_an_earlier_one() -> None:
    said = "The Tamrin dam flooded the village of Beldan on Saturday."
    again = "On Saturday the Tamrin dam flooded Beldan, a village."
    draft = merge([section("a", said), section("b", again, "Ferries sail again.")], MergeConfig())
    assert kept(draft) == [said, "Ferries sail again."]
    assert [(w.text, w.reason, w.section_id) for w in draft.withheld] == [
        (again, WithheldReason.REPETITION, "b")
    ]


def test_inside_a_section_repetition_is_left_to_the_guard() -> None:
    said = "The Tamrin dam flooded the village of Beldan on Saturday."
    assert kept(merge([section("a", said, said)], MergeConfig())) == [said, said]


def test_the_threshold_decides() -> None:
    left, right = "The Tamrin dam flooded Beldan.", "The Tamrin dam flooded Orsava town."
    sections = [section("a", left), section("b", right)]
    assert len(kept(merge(sections, MergeConfig(max_similarity=0.6)))) == 1
    assert len(kept(merge(sections, MergeConfig(max_similarity=0.9)))) == 2


def test_the_budget_cuts_from_the_end() -> None:
    long, short = " ".join(["word"] * 19) + ".", "Ferries sail again."
    draft = merge([section("a", short, long, "Pumps run.")], MergeConfig(max_words=20))
    # A short sentence behind the cut does not slip in: it may need what was cut.
    assert kept(draft) == [short]
    assert [(w.text, w.reason) for w in draft.withheld] == [
        (long, WithheldReason.TOO_LONG),
        ("Pumps run.", WithheldReason.TOO_LONG),
    ]


def test_without_a_limit_nothing_is_too_long() -> None:
    texts = [f"Number {n} " + "word " * 90 + "ends." for n in range(3)]
    assert kept(merge([section("a", *texts)], MergeConfig(max_words=None))) == texts


def test_an_empty_section_stays_for_its_conflicts() -> None:
    assert [s.id for s in merge([section("a")], MergeConfig(max_words=20)).sections] == ["a"]
    assert merge([], MergeConfig()) == Draft(sections=())


_TEXT = st.lists(st.sampled_from("dam flood toll ferry ballot ship".split()), min_size=1).map(
    " ".join
)


@settings(deadline=None)
@given(
    st.lists(st.lists(_TEXT, max_size=5), max_size=4),
    st.one_of(st.none(), st.integers(20, 60)),
)
def test_kept_and_withheld_is_what_was_given(texts: list[list[str]], max_words: int | None) -> None:
    sections = [section(f"s{n}", *some) for n, some in enumerate(texts)]
    draft = merge(sections, MergeConfig(max_words=max_words))
    withheld = [item.text for item in draft.withheld]
    assert sorted([*kept(draft), *withheld]) == sorted(t for some in texts for t in some)
    if max_words is not None:
        assert sum(map(count_words, kept(draft))) <= max_words
