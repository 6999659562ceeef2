from __future__ import annotations

from digest.backends.fusion.candidates import Candidate, Wording
from digest.backends.fusion.choose import choose
from digest.backends.fusion.fitting import fit
from digest.backends.fusion.options import Pick

_DAM = "The Orsava dam broke at dawn and flooded two villages below it."
_DAM_ASIDE = _DAM.replace(" dam ", " dam, grey concrete walls, ")
_PORT = "Dock workers in Velmar ended their strike for higher wages."
_PORT_LATE = "Dock workers in Velmar ended their strike for higher wages there and then."


def candidate(article: int, *texts: str, quality: float = 1.0) -> Candidate:
    wordings = (Wording(texts[0]), *(Wording(text, quality) for text in texts[1:]))
    return Candidate(article=article, position=0, wordings=wordings)


def both(*, quality: float = 1.0) -> list[Candidate]:
    return [
        candidate(0, _DAM_ASIDE, _DAM, quality=quality),
        candidate(1, _PORT_LATE, _PORT, quality=quality),
    ]


def whole(candidates: list[Candidate]) -> tuple[Pick, ...]:
    return choose(
        [candidate(c.article, c.whole.text) for c in candidates],
        max_words=100,
        max_similarity=0.5,
    )


def words(candidates: list[Candidate], picks: tuple[Pick, ...]) -> int:
    return sum(candidates[p.candidate].wordings[p.wording].words for p in picks)


def test_what_fits_stays_whole() -> None:
    picks = whole(both())
    assert fit(both(), picks, max_words=100) == picks == (Pick(0, 0), Pick(1, 0))


def test_the_wording_that_loses_least_for_its_words_goes_in_first() -> None:
    # Three words of content about the dam, three of none about the port.
    picks = whole(both())
    length = words(both(), picks)
    assert fit(both(), picks, max_words=length - 1) == (Pick(0, 0), Pick(1, 1))
    assert fit(both(), picks, max_words=length - 4) == (Pick(0, 1), Pick(1, 1))


def test_what_another_sentence_says_too_is_no_loss() -> None:
    said = [
        candidate(
            0,
            "Dock workers in Velmar ended a strike, a strike for higher wages.",
            "Dock workers in Velmar ended a strike.",
        ),
        candidate(
            1,
            "Port owners met a union in Velmar that wanted a strike for higher wages.",
            "Port owners met a union.",
        ),
    ]
    picks = (Pick(0, 0), Pick(1, 0))
    fitted = fit(said, picks, max_words=words(said, picks) - 4)
    assert fitted == (Pick(0, 1), Pick(1, 0))


def test_none_where_even_the_shortest_is_too_long() -> None:
    picks = whole(both())
    assert fit(both(), picks, max_words=12) is None
    assert fit([], (), max_words=0) == ()
