"""Cleaners for single characters: encoding, entities, what cannot be seen, white space."""

from __future__ import annotations

import re
from unicodedata import category

_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")


def fix_encoding(text: str) -> str:
    """Repair text that was decoded wrongly, which breaks every name with an accent.

    Curly quotation marks stay: who speaks is read from them.

    >>> fix_encoding("The ElysÃ©e said itâ€™s “done”.")
    'The Elysée said it’s “done”.'
    """
    if text.isascii() and "\x1b" not in text:
        return text
    from ftfy import TextFixerConfig, fix_text  # noqa: PLC0415 - 0.05 s, needed by this stage only

    config = TextFixerConfig(
        unescape_html=False, uncurl_quotes=False, normalization="NFC", fix_line_breaks=False
    )
    return fix_text(text, config)


def unescape_entities(text: str) -> str:
    r"""Resolve HTML entities, however often they were escaped.

    >>> unescape_entities("NATO &amp;amp; the EU&nbsp;met; AT&T did not.")
    'NATO & the EU\xa0met; AT&T did not.'
    """
    if "&" not in text:
        return text
    from ftfy.fixes import unescape_html  # noqa: PLC0415 - as above

    while _ENTITY.search(text):
        resolved = str(unescape_html(text))
        if resolved == text:
            break
        text = resolved
    return text


# Persian and Indic words need their joiners; in Latin script they only hide words from a match.
_JOINERS = "\u200c\u200d"
# Invisible, and not of category Cf: fillers, the braille blank, variation selectors.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")


def drop_hidden_characters(text: str) -> str:
    r"""Remove what a reader cannot see: it splits words, turns text around, carries messages.

    >>> drop_hidden_characters("Ig\u200bnore\u202e the\x07 \U000e0041vote")
    'Ignore the vote'
    """
    if text.isascii() and text.isprintable():
        return text
    kept = [
        character
        for index, character in enumerate(text)
        if character.isprintable() or not _is_hidden(text, index)
    ]
    return "".join(c for c in kept if c not in _BLANKS and not "\ufe00" <= c <= "\ufe0e")


def _is_hidden(text: str, index: int) -> bool:
    character = text[index]
    if character in _JOINERS and index and text[index - 1] > "\u0590":
        return False
    kind = category(character)
    return kind in {"Cf", "Co", "Cn", "Cs"} or (kind == "Cc" and not character.isspace())


_SPACES = re.compile(r"[\s\u2028\u2029]+")
_ELLIPSIS = re.compile(r"\.(?: \.){2,3}(?![\w.])")
_INSIDE_QUOTE = re.compile(r"(?<=[\w.,!?…]) +(?=”)|(?<=“) +(?=\w)|(?<=[.,!?…]) +(?=\"$)")
_BEFORE_MARK = re.compile(r"(?<=[\w%)]) +(?=[,;:!?](?:\s|$))|(?<=[a-z]) +(?=\.(?:\s[A-Z“]|$))")
_STRAY = re.compile(r"(?<=[.!?])([\"”’)]?)(?: +[.,;:·•|*_~])+(?= |$)")


def fix_spaces(text: str) -> str:
    """Use single spaces, none before a mark or inside quotation marks; `3.5%` stays a number.

    >>> fix_spaces("It rose 3.5% ,  he said. “No. ” . . But “ maybe . . . not.”")
    'It rose 3.5%, he said. “No.” But “maybe … not.”'
    """
    text = _SPACES.sub(" ", text).strip()
    text = _ELLIPSIS.sub("…", text)
    text = _BEFORE_MARK.sub("", _INSIDE_QUOTE.sub("", text))
    return _STRAY.sub(r"\1", text)


_DOUBLED = re.compile(r"(?<!['‘’`])(?:''|``|´´)(?!['‘’`])")


def join_doubled_quotes(text: str) -> str:
    """Write two single marks as the double one they stand for: else no quotation has an end.

    >>> join_doubled_quotes("``It passed,'' he said. ‘‘Late,’’ she added.")
    '"It passed," he said. “Late,” she added.'
    """
    return _DOUBLED.sub('"', text).replace("‘‘", "“").replace("’’", "”")


_GLUED = re.compile(r"(?<=[a-z]{3}[.!?])(?=[A-Z][a-z])(?!(?:Com|Org|Net|Co|Gov|Io)\b)")
_WEB = re.compile(r"\S*(?:://|www\.|@)\S*")


def split_glued(text: str) -> str:
    """Put a space between two sentences that lost theirs with a line break.

    >>> split_glued("They voted.Then they left http://a.org/page.Html.")
    'They voted. Then they left http://a.org/page.Html.'
    """
    if not _GLUED.search(text):
        return text
    parts: list[str] = []
    cursor = 0
    for match in _WEB.finditer(text):
        parts += [_GLUED.sub(" ", text[cursor : match.start()]), match.group()]
        cursor = match.end()
    return "".join([*parts, _GLUED.sub(" ", text[cursor:])])
