from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.backends.fusion.rewriting import ModelRewriter
from digest.backends.fusion.shorten import GAP, Shortener
from digest.training.tagging.compression import DEPENDENCIES, POS
from tests.digest.backends.fusion.scripted import SURE, ScriptedTagger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADS = {"keep": ("delete", "keep"), "dep": DEPENDENCIES, "pos": POS}
TEXT = "On Monday, police quickly arrested two masked men near the border."
DEP = dict(
    zip(
        "On Monday , police quickly arrested two masked men near the border .".split(),
        "prep pobj p nsubj advmod ROOT num amod dobj prep det pobj p".split(),
        strict=True,
    )
)
DEP["Police"] = "nsubj"


def compress(
    *, keep: Sequence[str] = ("police", "arrested", "two", "masked", "men")
) -> ScriptedTagger:
    def answer(words: Sequence[str], place: int) -> Mapping[str, str]:
        word = words[place]
        return {
            "keep": "keep" if word in keep else "delete",
            "dep": DEP.get(word, "dep"),
            "pos": "VBD" if DEP.get(word) == "ROOT" else "NN",
        }

    return ScriptedTagger(HEADS, answer)


def gaps(*before: str) -> ScriptedTagger:
    """Return a model that misses something before these words."""
    return ScriptedTagger(
        {"gap": ("whole", "gap")},
        lambda words, place: {"gap": "gap" if words[place] in before else "whole"},
    )


def test_what_matters_little_goes() -> None:
    (found,) = Shortener(compress(), gaps())([TEXT])
    (short,) = found
    assert short.text == "Police arrested two masked men."
    assert short.doubt == pytest.approx(1 - SURE)


def test_what_matters_stays() -> None:
    (found,) = Shortener(compress(keep=tuple(DEP)), gaps())([TEXT])
    assert found == ()


def test_levels_give_wordings_of_falling_length() -> None:
    (found,) = Shortener(
        compress(keep=("near", "police", "arrested", "two", "masked", "men")), gaps()
    )([TEXT])
    assert [short.text for short in found] == [
        "Police arrested two masked men near the border.",
        "Police arrested two masked men.",
    ]


def test_the_gap_model_refuses_a_cut() -> None:
    (found,) = Shortener(compress(), gaps("Police"))([TEXT])
    assert [short.text for short in found] == ["On Monday, police arrested two masked men."]
    assert all(short.doubt < GAP for short in found)


def test_the_gap_model_refuses_all_cuts_together() -> None:
    def answer(words: Sequence[str], place: int) -> Mapping[str, str]:
        bad = len(words) < 7 and words[place] == "."
        return {"gap": "gap" if bad else "whole"}

    refusing = ScriptedTagger({"gap": ("whole", "gap")}, answer)
    (found,) = Shortener(compress(), refusing)([TEXT])
    assert found == (), "each cut alone leaves more than six words, all together do not"


def test_gaps_elsewhere_are_none_of_the_cuts() -> None:
    (found,) = Shortener(compress(), gaps("two"))([TEXT])
    assert [short.text for short in found] == ["Police arrested two masked men."]


def test_the_gap_model_reads_what_would_be_printed() -> None:
    model = gaps()
    Shortener(compress(), model)([TEXT])
    read = {" ".join(words) for words in model.asked}
    assert "Police quickly arrested two masked men near the border ." in read


@pytest.mark.parametrize("text", ["", "   ", "Done.", "No mark at the end"])
def test_nothing_is_proposed(text: str) -> None:
    assert Shortener(compress(), gaps())([text]) == [()]


def test_no_texts() -> None:
    assert Shortener(compress(), gaps())([]) == []


def test_texts_keep_their_wordings_apart() -> None:
    texts = ["Done.", TEXT, "", TEXT]
    found = Shortener(compress(), gaps())(texts)
    assert [len(row) for row in found] == [0, 1, 0, 1]


def test_what_is_left_of_a_short_sentence_would_be_no_news() -> None:
    (found,) = Shortener(compress(), gaps())(["Police arrested men near the border."])
    assert found == ()


def test_doubt_lowers_the_quality_of_a_wording() -> None:
    (found,) = ModelRewriter(compress(), gaps()).shorten([TEXT])
    (wording,) = found
    assert wording.text == "Police arrested two masked men."
    assert wording.quality == pytest.approx(1 - (1 - SURE) / 2)
