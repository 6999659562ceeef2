from __future__ import annotations

import random

from eval.metrics.substrings import SuffixAutomaton


def test_matches_are_those_of_a_search() -> None:
    rng = random.Random(5)
    for _ in range(100):
        text = "".join(rng.choices("ab", k=rng.randint(0, 40)))
        asked = "".join(rng.choices("abc", k=12))
        automaton = SuffixAutomaton(text)
        for start in range(len(asked)):
            sizes = range(len(asked) - start + 1)
            longest = max(size for size in sizes if asked[start : start + size] in text)
            assert automaton.match(asked, start) == longest


def test_an_empty_sequence_matches_nothing() -> None:
    automaton = SuffixAutomaton([])
    assert automaton.tokens == 0
    assert automaton.match(["a"]) == 0
    assert automaton.match([]) == 0
