from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.backends.fusion.candidates import Candidate, Wording, echoes
from digest.backends.fusion.choose import choose
from digest.backends.fusion.options import Pick, cover
from digest.backends.fusion.search import (
    CONTAINED,
    SAME_FIGURE,
    SAME_LARGE_FIGURE,
    TOLD,
    Pool,
    Search,
)
from digest.text.vectors import similarity
from digest.text.words import content_stems

_WORDS = (
    "dam valve river council bridge ferry harbour siren governor engineer pump shelter school "
    "market storm repair budget ballot union island captain barge fog berth inquiry radar"
).split()


def picked(*texts: str, max_words: int = 100, bar: float = 0.5, **fields: float) -> list[str]:
    candidates = [
        Candidate(article=number, position=0, wordings=(Wording(text),), **fields)
        for number, text in enumerate(texts)
    ]
    return [
        texts[pick.candidate]
        for pick in choose(candidates, max_words=max_words, max_similarity=bar)
    ]


def random_candidates(seed: int, n: int = 40) -> list[Candidate]:
    dice = random.Random(seed)
    return [
        Candidate(
            article=dice.randrange(5),
            position=dice.randrange(6),
            wordings=tuple(
                Wording(" ".join(dice.choices(_WORDS, k=dice.randrange(8, 18))) + ".")
                for _ in range(dice.randrange(1, 3))
            ),
            quality=dice.choice([0.0, 0.3, 1.0]),
        )
        for _ in range(n)
    ]


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 150), st.sampled_from([0.3, 0.5, 0.8]))
def test_no_two_chosen_sentences_repeat_each_other(seed: int, budget: int, bar: float) -> None:
    candidates = random_candidates(seed)
    picks = choose(candidates, max_words=budget, max_similarity=bar)
    found = [candidates[pick.candidate].wordings[pick.wording] for pick in picks]
    assert sum(wording.words for wording in found) <= budget
    assert all(candidates[pick.candidate].quality > 0 for pick in picks)
    assert len({pick.candidate for pick in picks}) == len(picks)
    for left, right in combinations(found, 2):
        assert similarity(left.text, right.text) < bar
        shared = left.vector.keys() & right.vector.keys()
        assert len(shared) < CONTAINED * min(len(left.vector), len(right.vector))
    for wording in found:
        others = set().union(*(other.vector for other in found if other is not wording))
        assert len(wording.vector.keys() & others) < TOLD * len(wording.vector)


def test_a_sentence_inside_another_is_not_said_again() -> None:
    long = (
        "The governor of Orsava said on Sunday in Kosh Oran that the spillway gate of the Tamrin "
        "dam had failed after four days of heavy rain had filled the reservoir to the brim."
    )
    short = "The spillway gate of the Tamrin dam failed after heavy rain on Sunday."
    assert similarity(long, short) < 0.8
    assert picked(long, short, bar=0.8) == [long]


def test_one_figure_and_some_shared_words_are_a_repetition() -> None:
    first = "About 2,300 people spent the night in schools and sports halls near Kosh Oran."
    again = "Soldiers brought 2,300 residents to shelters and sports halls by noon, officials said."
    other = "Soldiers brought 7,100 residents to shelters and sports halls by noon, officials said."
    assert picked(first, again) != [first, again]
    assert picked(first, other) == [first, other]


def test_a_year_is_no_shared_figure() -> None:
    first = "The dam above Kosh Oran was finished in 1974 by a state company from Varenda."
    other = "In 1974 the river flooded a market hall and two state schools in Upper Sarn."
    assert picked(first, other) == [first, other]


def test_what_the_chosen_ones_told_together_is_not_added() -> None:
    first = "The ferry Sea Lantern sailed from Sant Oriol with 214 passengers and eighteen crew."
    second = "A cement barge named Dora Vale lay off the fourth berth in thick fog on Tuesday."
    recap = "The Sea Lantern met the Dora Vale on Tuesday in fog with passengers and crew aboard."
    stems = set(content_stems(recap))
    assert len(stems & set(content_stems(first + second))) >= TOLD * len(stems)
    assert all(len(stems & set(content_stems(t))) < CONTAINED * len(stems) for t in (first, second))
    assert picked(first, second, recap) == [first, second]


def test_exchanges_improve_on_the_greedy_choice() -> None:
    # Greedy takes the dense short sentence first, after which neither long one fits any more.
    short = "Dam valve river council bridge ferry harbour siren governor engineer."
    long = (
        "Pump shelter school market storm repair budget ballot union island captain barge fog "
        "berth inquiry radar signal."
    )
    texts = (short, long, long.replace("Pump", "Rope"))
    assert picked(*texts, max_words=len(long.split())) == [long]


_SHORT = "Dam valve river council bridge ferry harbour siren governor engineer."
_LONG = _SHORT.removesuffix(".") + ", as it was for all of those who were there with us."
_OTHER = "Pump shelter school market storm repair budget ballot union island."


def worded(*wordings: Wording, text: str = _OTHER) -> list[Candidate]:
    return [
        Candidate(article=0, position=0, wordings=wordings),
        Candidate(article=1, position=0, wordings=(Wording(text),)),
    ]


def test_a_shorter_wording_makes_room_for_another_sentence() -> None:
    both = worded(Wording(_LONG), Wording(_SHORT))
    assert choose(both, max_words=20, max_similarity=0.5) == (Pick(0, 1), Pick(1, 0))
    whole = worded(Wording(_LONG))
    assert len(choose(whole, max_words=20, max_similarity=0.5)) == 1


def test_a_sentence_is_printed_in_one_wording_at_most() -> None:
    two_halves = worded(Wording(_SHORT), Wording(_OTHER), text="Rope.")
    assert len(choose(two_halves[:1], max_words=100, max_similarity=1.1)) == 1


def test_a_wording_of_no_quality_is_never_printed() -> None:
    never = worded(Wording(_LONG), Wording(_SHORT, 0.0))
    assert Pick(0, 1) not in choose(never, max_words=10, max_similarity=0.5)


def test_a_sentence_over_the_budget_may_come_in_a_shorter_wording() -> None:
    alone = [Candidate(article=0, position=0, wordings=(Wording(_LONG), Wording(_SHORT)))]
    assert choose(alone, max_words=10, max_similarity=0.5) == (Pick(0, 1),)


def test_ties_go_to_the_earlier_sentence() -> None:
    first = "Dam valve river council bridge ferry harbour siren governor engineer."
    second = "Pump shelter school market storm repair budget ballot union island."
    assert picked(first, second, max_words=10) == [first]
    assert picked(second, first, max_words=10) == [second]


def test_short_sentences_serve_where_nothing_longer_exists() -> None:
    long = "Dam valve river council bridge ferry harbour siren governor engineer."
    assert picked(long, "The gate broke.", max_words=50) == [long]
    assert picked("The gate broke.", max_words=50) == ["The gate broke."]


def test_nothing_to_choose() -> None:
    assert choose([], max_words=50, max_similarity=0.5) == ()
    assert picked("Dam valve river council.", max_words=3) == []
    assert picked("Dam valve river council.", quality=0.0) == []


def test_sentences_come_by_depth_then_by_article() -> None:
    texts = [
        "Dam valve river council bridge ferry harbour siren governor engineer.",
        "Pump shelter school market storm repair budget ballot union island.",
        "Captain barge fog berth inquiry radar signal rope lantern quay.",
    ]
    candidates = [
        Candidate(article=article, position=position, wordings=(Wording(text),))
        for text, (article, position) in zip(texts, [(0, 3), (1, 0), (0, 0)], strict=True)
    ]
    assert choose(candidates, max_words=100, max_similarity=0.5) == (
        Pick(2, 0),
        Pick(1, 0),
        Pick(0, 0),
    )


def test_an_echo_is_likeness_to_the_other_articles() -> None:
    texts = ["The dam valve broke.", "A dam valve broke open.", "Markets rose in Velm."]
    values = echoes(
        [Candidate(article=i, position=0, wordings=(Wording(t),)) for i, t in enumerate(texts)]
    )
    assert max(values) == 1.0
    assert values[2] == 0.0
    assert min(values[:2]) > 0.5
    assert echoes([Candidate(article=0, position=0, wordings=(Wording(texts[0]),))]) == [1.0]
    assert echoes([]) == []


def test_one_small_figure_is_no_repetition() -> None:
    first = "Iran has announced that the fifteen captured sailors would be released on Thursday."
    other = "Britain froze all its business deals with Tehran until the 15 sailors are released."
    held = set(content_stems(first)) & set(content_stems(other))
    assert SAME_LARGE_FIGURE <= len(held) / len(set(content_stems(other))) < SAME_FIGURE
    assert picked(first, other) == [first, other]
    many = [text.replace("fifteen", "1,500").replace("15", "1,500") for text in (first, other)]
    assert len(picked(*many)) == 1


def test_the_search_knows_the_value_of_what_it_chose() -> None:
    for seed in range(20):
        pool = Pool(random_candidates(seed), max_words=60, max_similarity=0.5)
        greedy = [max(pool.options, key=lambda option: (option.density, -option.words))]
        chosen = [pool.options[place] for place in Search(pool).run()]
        assert cover(chosen)[1] >= cover(greedy)[1] - 1e-9
