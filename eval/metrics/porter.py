"""Porter's stemmer in the two forms that ROUGE packages use, equal to NLTK's word for word.

The rules are those of Porter (1980), "An algorithm for suffix stripping", Program 14(3). NLTK is
not imported: loading it takes 1.3 s. A condition only ever looks at a stem, so that one string of
consonants and vowels answers it, and the last two letters of a word say which rules can apply.
"""

from __future__ import annotations

from typing import Final

Rules = dict[str, tuple[tuple[str, str], ...]]

# `suffix:what takes its place`. The first suffix that a word ends in decides: where its stem is
# too short, no later rule is tried.
_STEP_2: Final = """
ational:ate tional:tion enci:ence anci:ance izer:ize {bli} alli:al entli:ent eli:e ousli:ous
ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive
biliti:ble
"""
_STEP_3: Final = "icate:ic ative: alize:al iciti:ic ical:ic ful: ness:"
_STEP_4: Final = """
al: ance: ence: er: ic: able: ible: ant: ement: ment: ent: ion: ou: ism: ate: iti: ous: ive: ize:
"""
# NLTK stems these by list: errors that people reported to Martin Porter over twenty years.
_IRREGULAR: Final = {
    **dict.fromkeys(("sky", "skies"), "sky"),
    **dict.fromkeys(("inning", "innings"), "inning"),
    **dict.fromkeys(("outing", "outings"), "outing"),
    **dict.fromkeys(("canning", "cannings"), "canning"),
    "dying": "die",
    "lying": "lie",
    "tying": "tie",
    **{word: word for word in ("news", "howe", "proceed", "exceed", "succeed")},
}
# "y" is left for `_shape`, which has to look at the letter before it.
_LETTERS: Final = str.maketrans(
    {letter: "v" if letter in "aeiou" else "c" for letter in "abcdefghijklmnopqrstuvwxz0123456789"}
)


def stem(word: str, *, nltk: bool) -> str:
    """Return the stem of a word of lower-case a-z and 0-9.

    With `nltk` it is what NLTK's `PorterStemmer()` returns, with its extensions, else what
    `PorterStemmer(mode=ORIGINAL_ALGORITHM)` returns, the rules as published.

    >>> stem("relational", nltk=False), stem("dying", nltk=False), stem("dying", nltk=True)
    ('relat', 'dy', 'die')
    """
    if nltk:
        irregular = _IRREGULAR.get(word)
        if irregular is not None:
            return irregular
        if len(word) <= 2:
            return word
    # The last letters say whether a step can apply at all; most cannot.
    if word[-1:] == "s":
        word = _step_1a(word, nltk=nltk)
    if word[-1:] in "dg":
        word = _step_1b(word, nltk=nltk)
    if word[-1:] == "y":
        word = _step_1c(word, nltk=nltk)
    if word[-2:] in _ENDS:
        word = _step_4(_step_3(_step_2(word, nltk=nltk)))
    return _step_5(word, nltk=nltk) if word[-1:] in "el" else word


def _shape(word: str) -> str:
    """Return c for each consonant, v for each vowel; a y is a vowel after a consonant."""
    shape = word.translate(_LETTERS)
    if "y" not in shape:
        return shape
    before = "v"
    letters = []
    for letter in shape:
        before = letter if letter != "y" else "c" if before == "v" else "v"
        letters.append(before)
    return "".join(letters)


def _measure(word: str) -> int:
    """Return how often a vowel is followed by a consonant: Porter's m."""
    return _shape(word).count("vc")


def _is_short(word: str, shape: str, *, nltk: bool) -> bool:
    """Tell whether a stem ends like -wil or -hop: Porter's *o."""
    return (shape.endswith("cvc") and word[-1] not in "wxy") or (nltk and shape == "vc")


def _step_1a(word: str, *, nltk: bool) -> str:
    if nltk and len(word) == 4 and word.endswith("ies"):
        return word[:-1]
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word if word.endswith("ss") else word[:-1]


def _step_1b(word: str, *, nltk: bool) -> str:
    if nltk and word.endswith("ied"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    if word.endswith("ed"):
        return _mended(word, word[:-2], nltk=nltk)
    return _mended(word, word[:-3], nltk=nltk) if word.endswith("ing") else word


def _mended(word: str, bare: str, *, nltk: bool) -> str:
    """Return what is left without -ed or -ing, its end mended: hopp(ing), hop; fil(ing), file."""
    shape = _shape(bare)
    if "v" not in shape:
        return word
    if bare.endswith(("at", "bl", "iz")):
        return bare + "e"
    if shape.endswith("c") and bare[-1] == bare[-2:-1]:
        return bare if bare[-1] in "lsz" else bare[:-1]
    return bare + "e" if shape.count("vc") == 1 and _is_short(bare, shape, nltk=nltk) else bare


def _step_1c(word: str, *, nltk: bool) -> str:
    shape = _shape(word[:-1])
    turned = len(shape) > 1 and shape.endswith("c") if nltk else "v" in shape
    return word[:-1] + "i" if turned else word


def _step_2(word: str, *, nltk: bool) -> str:
    for suffix, new in (_RULES_2_NLTK if nltk else _RULES_2).get(word[-2:], ()):
        if not word.endswith(suffix):
            continue
        bare = word[: -len(suffix)]
        # NLTK counts the l of -logi to the stem, and treats what -alli leaves once more.
        if _measure(bare + "l" if suffix == "logi" else bare) == 0:
            return word
        return _step_2(bare + new, nltk=True) if nltk and suffix == "alli" else bare + new
    return word


def _step_3(word: str) -> str:
    for suffix, new in _RULES_3.get(word[-2:], ()):
        if word.endswith(suffix):
            bare = word[: -len(suffix)]
            return bare + new if _measure(bare) > 0 else word
    return word


def _step_4(word: str) -> str:
    for suffix, _ in _RULES_4.get(word[-2:], ()):
        if word.endswith(suffix):
            bare = word[: -len(suffix)]
            removed = _measure(bare) > 1 and (suffix != "ion" or bare[-1] in "st")
            return bare if removed else word
    return word


def _step_5(word: str, *, nltk: bool) -> str:
    if word.endswith("e"):
        bare = word[:-1]
        shape = _shape(bare)
        m = shape.count("vc")
        if m > 1 or (m == 1 and not _is_short(bare, shape, nltk=nltk)):
            word = bare
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word


def _rules(text: str) -> Rules:
    """Return the rules by the last two letters of their suffix, each list in the order written."""
    found: dict[str, list[tuple[str, str]]] = {}
    for rule in text.split():
        suffix, new = rule.split(":")
        found.setdefault(suffix[-2:], []).append((suffix, new))
    return {end: tuple(rules) for end, rules in found.items()}


_RULES_2: Final = _rules(_STEP_2.format(bli="abli:able"))
_RULES_2_NLTK: Final = _rules(_STEP_2.format(bli="bli:ble") + "fulli:ful logi:log")
_RULES_3: Final = _rules(_STEP_3)
_RULES_4: Final = _rules(_STEP_4)
_ENDS: Final = {*_RULES_2_NLTK, *_RULES_3, *_RULES_4}
