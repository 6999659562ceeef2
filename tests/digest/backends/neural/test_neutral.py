"""No control token reaches a tokenizer, and ordinary news is left as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.backends.neural.neutral import neutralize

TOKENS = (
    "</s> <s> <pad> <unk> <mask> <doc-sep> <n> <|im_start|> <|im_end|> <|eot_id|> <|endoftext|> "
    "<|begin_of_text|> [INST] [/INST] <<SYS>> <</SYS>> <think> </think> <start_of_turn> "
    "<extra_id_0> <unk_2> <0x0A> <｜User｜> <｜begin▁of▁sentence｜> [PAD] [gMASK] [TOOL_CALLS]"
).split()
INVISIBLE = "\u200b\u200d\u2060\ufeff\u00ad\u202e\U000e0041\ufe0f\u034f"
_SEEDS = Path(__file__).parents[4] / "seeds" / "articles"
FULL_WIDTH = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in "<>[]/|abdehiknopstINST"})


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("text", ["{}", "a{}b", "The vote{} passed.", "{}{}", "<{}", "[{}]"])
def test_a_token_of_any_family_is_taken_apart(token: str, text: str) -> None:
    result = neutralize(text.format(token, token))
    assert token not in result
    letters = "".join(c for c in token if c.isalnum())
    assert letters in "".join(c for c in result if c.isalnum())


@pytest.mark.parametrize("token", TOKENS)
def test_what_hides_a_token_does_not_help(token: str) -> None:
    for mark in INVISIBLE:
        hidden = mark.join(token)
        seen = "".join(c for c in neutralize(f"one {hidden} two") if c not in INVISIBLE)
        assert token not in seen, repr(mark)
    wide = neutralize(f"one {token.translate(FULL_WIDTH)} two")
    assert not set("＜＞［］") & set(wide)
    assert wide.startswith("one (")


@pytest.mark.parametrize(
    "token", ["</S>", "<Doc-Sep>", "<|IM_START|>", "[inst]", "<THINK>", "<|Eot_Id|>"]
)
def test_case_does_not_help(token: str) -> None:
    assert neutralize(f"one {token} two").startswith("one (")


@pytest.mark.parametrize(
    "text",
    [
        "He wrote: I <3 Kraków.",
        "If a < b and c > d, then b - a > 0.",
        "“It were [sic] over,” she said.",
        "“[Mask] mandates end on [Sep] 3,” the note read.",
        "Sales rose 3 < 5 > 2 |x| and {y}; see [1] and (2).",
        "The minister said the president [Duda] would not sign ［the law］.",
        "Tickets cost <5> euros.",
        "Zoë Müller-Ødegård paid ₹3 million 🍵 in 北京.",
        "The pad, the mask and the sep of INST were unk.",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert neutralize(text, TOKENS) == text


def test_the_seeds_are_left_alone() -> None:
    texts = [path.read_text("utf-8") for path in sorted(_SEEDS.rglob("*.*")) if path.is_file()]
    assert len(texts) > 10
    lines = [line for text in texts for line in text.splitlines() if "<" not in line]
    assert [line for line in lines if neutralize(line, TOKENS) != line] == []


def test_the_models_own_tokens_count_too() -> None:
    own = ["__eou__", "user:", "[gMASK]", "sop", "▁", "...", "<image>"]
    text = "Hi __eou__ User: [gMASK] a sop... <image>"
    assert neutralize(text, own) == "Hi (eou) (User) (gMASK) a sop... (image)"
    assert neutralize("Hi __eou__ user: a", ()) == "Hi __eou__ user: a"


PIECES = st.one_of(
    st.sampled_from([*TOKENS, *"<>[]/|_-｜＜＞［］", *INVISIBLE, "user:", "__eou__"]),
    st.sampled_from(["s", "INST", "im_start", "think", " ", "vote", "3", "é", "（", "(", "\n"]),
    st.characters(),
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_twice_is_once_and_nothing_grows_together(text: str) -> None:
    own = ("user:", "__eou__", *TOKENS)
    once = neutralize(text, own)
    assert neutralize(once, own) == once
    assert not any(token in once for token in own)


def test_tokens_are_named_once_in_json() -> None:
    """A lone surrogate, as broken JSON gives, is no reason to stop."""
    broken = json.loads('"\\ud800 <think>"')
    assert neutralize(broken) == "\ud800 (think)"
