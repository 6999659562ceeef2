"""Control tokens in article text made harmless before a tokenizer reads them.

A tokenizer takes `</s>` or `<doc-sep>` in an article for its own. Brackets become parentheses and
other signs spaces, so the words stay readable. No character between two others is taken away, so
nothing grows together into a new token, and what was made harmless is left alone a second time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import category, normalize

if TYPE_CHECKING:
    from collections.abc import Iterable

# What all families use, whichever model is asked: <|im_start|>, <｜User｜>, </s>, <doc-sep>,
# <think>, <0x0A>, <<SYS>>, [INST], [/TOOL_CALLS], [PAD]. Cleaning has taken HTML out, so that a
# bare tag is no news; "<3", "a < b", "<5>" and "[sic]" are none. What a [TOKEN] is can be told from
# an editor's "[Mask]" by its capitals.
_FAMILIES = (
    r"<\|[^<>|\n]{0,60}\|>"
    r"|<{1,2}/?(?=[\w:.-]*[A-Za-z])[A-Za-z0-9_][\w:.-]{0,40}\s?/?>{1,2}"
    r"|\[/?(?:[Ii][Nn][Ss][Tt]|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|IMG|THINK"
    r"|CLS|SEP|MASK|PAD|UNK|BOS|EOS|gMASK|sMASK)\]"
)
_SIGNS = re.compile(r"[^\w/.:'-]+|_")
# Invisible, and not of category Cf: fillers, the braille blank, the grapheme joiner.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")


def neutralize(text: str, special_tokens: Iterable[str] = ()) -> str:
    r"""Return a text in which no control token is left, of whatever family.

    A token that consists of letters alone ("sop") cannot be told from a word: it stays, and so does
    one without letters or digits.

    Args:
        text: a sentence of an article, or what a model wrote.
        special_tokens: the model's own, in addition to those that all families use.

    >>> neutralize("The vote</s> <|im_start|>passed <th\u200bink> ＜doc-sep＞ [INST] [sic] <3.")
    'The vote(/s) (im start)passed (think) (doc-sep) (INST) [sic] <3.'
    """
    pattern = _pattern(tuple(sorted(set(special_tokens))))
    if text.isascii() and text.isprintable():
        return pattern.sub(_harmless, text)
    view, places = _seen(text)
    parts: list[str] = []
    cursor = 0
    for match in pattern.finditer(view):
        parts += [text[cursor : places[match.start()]], _harmless(match)]
        cursor = places[match.end() - 1] + 1
    return "".join([*parts, text[cursor:]]) if parts else text


@lru_cache(maxsize=64)
def _pattern(special_tokens: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds the control tokens of all families and some more, longest first.

    Case counts in square brackets, where "[Mask]" may be an editor's.
    """
    seen = {_seen(token)[0].strip() for token in special_tokens}
    own = sorted((token for token in seen if _is_control(token)), key=lambda t: (-len(t), t))
    named = [t if t.startswith(r"\[") else f"(?i:{t})" for t in map(re.escape, own)]
    return re.compile("|".join([*named, _FAMILIES]))


def _is_control(token: str) -> bool:
    return any(c.isalnum() for c in token) and not token.isalnum()


def _seen(text: str) -> tuple[str, list[int]]:
    """Return a text as NFKC would show it to a tokenizer, and where each character stands.

    What cannot be seen is left out: it only hides a token from a search for it.
    """
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        hidden = category(character) in {"Cf", "Mn", "Cc"} and not character.isspace()
        if hidden or character in _BLANKS:
            continue
        if not character.isascii():
            compatible = normalize("NFKC", character)
            if len(compatible) == 1:
                character = compatible  # noqa: PLW2901 - the same one, as it is read
        characters.append(character)
        places.append(place)
    return "".join(characters), places


def _harmless(match: re.Match[str]) -> str:
    token = match.group()
    words = " ".join(_SIGNS.sub(" ", token).split())
    if token in words:  # "user:" has no sign that would have become a space
        words = " ".join("".join(c if c.isalnum() else " " for c in words).split())
    return f"({words})"
