"""What a cut-off span is part of: "17.7" of "£17.7m", "John" of "John Ashworth"."""

from __future__ import annotations

import re

from digest.records import Label, Mention
from digest.text.lexicon import PEOPLE
from digest.text.numbers import quantities
from digest.text.words import STOPWORDS, WORD, stem

_OF = re.compile(r" of (\w+)(?: (\w+))?")
_SURNAME = re.compile(r" ((?:[A-Z]['’])?(?=\w*[a-z])[A-Z][\w-]*)")


def whole_figure(mention: Mention, context: str) -> str:
    """Return the text of the figure that a span belongs to, its sign, scale and unit included.

    Only the first figure that overlaps the span and reaches beyond it matters; without one the
    span is its own whole.

    >>> text = "bought for £17.7m in May"
    >>> whole_figure(Mention(text="17.7", label=Label.MONEY, start=12, end=16), text)
    '£17.7m'
    """
    for number in quantities(context):
        if number.start < mention.end and mention.start < number.end:
            return context[min(mention.start, number.start) : max(mention.end, number.end)]
    return mention.text


def whole_name(mention: Mention, context: str) -> str:
    """Return the person's full name that a span opens in a text, else the span's own text.

    >>> text = "Yesterday John Ashworth agreed."
    >>> whole_name(Mention(text="John", label=Label.PERSON, start=10, end=14), text)
    'John Ashworth'
    """
    surname = _SURNAME.match(context, mention.end)
    if mention.label is not Label.PERSON or " " in mention.text or surname is None:
        return mention.text
    return context[mention.start : surname.end()]


def given_to_another(given: str, whole: str, text: str) -> bool:
    """Tell whether a text has a given name only in front of other people's surnames.

    >>> given_to_another("John", "John Ashworth", "John Stones left.")
    True
    >>> given_to_another("John", "John Ashworth", "John Stones and his son John left.")
    False
    """
    own = whole.split()[1:]
    found = re.finditer(rf"(?<!\w){re.escape(given)}(?!\w)", text)
    surnames = [_SURNAME.match(text, match.end()) for match in found]
    return bool(surnames) and all(name and name.group(1) not in own for name in surnames)


def vaguely_counted(mention: Mention, context: str, text: str) -> bool:
    """Tell whether a text counts the same things with a count that is no figure.

    "Hundreds" says nothing without what it is of; people are one thing, whatever they are called.

    >>> text = "Hundreds of people came."
    >>> hundreds = Mention(text="Hundreds", label=Label.NUMBER, start=0, end=8)
    >>> others = ("hundreds of angry residents", "hundreds of emails", "hundreds came")
    >>> [vaguely_counted(hundreds, text, other) for other in others]
    [True, False, True]
    """
    own = _OF.match(context, mention.end)
    if own is None:
        return True
    found = [
        _OF.match(text, match.end())
        for match in re.finditer(rf"\b{re.escape(mention.text)}\b", text, re.IGNORECASE)
    ]
    wanted = _things(own)
    return not found or any(other is None or _things(other) & wanted for other in found)


def _things(match: re.Match[str]) -> frozenset[str]:
    """Return what a count may be of: stems of the next words, "people" for any kind of them."""
    words = [word.lower() for word in match.groups() if word]
    return frozenset("people" if word in PEOPLE else stem(word) for word in words)


def one_counted(mention: Mention, context: str, text: str) -> bool:
    """Tell whether a text has a "one" with the neighbour that it has in its context.

    By itself it is a pronoun as often as a number: "the one who", and no "one-shot lead".

    >>> text = "the world number one"
    >>> one = Mention(text="one", label=Label.NUMBER, start=17, end=20)
    >>> [one_counted(one, text, other) for other in ("Number one left.", "The one who left.")]
    [True, False]
    """
    before = WORD.findall(context[: mention.start])[-1:]
    after = re.match(r"[\s-](\w+)", context[mention.end :])
    pairs = [rf"{re.escape(word)}\sone" for word in before if word.lower() not in STOPWORDS]
    if after and after[1].lower() not in STOPWORDS:
        pairs.append(rf"one[\s-]{re.escape(after[1])}")
    return any(re.search(rf"\b{pair}\b", text, re.IGNORECASE) for pair in pairs)
