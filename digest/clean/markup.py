"""Cleaners for what is written for machines: HTML, markdown, the control tokens of models."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_HIDING = (
    r"\bhidden\b|display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden"
    r"|font-size\s{0,9}:\s{0,9}0(?![.\d])|opacity\s{0,9}:\s{0,9}0(?![.\d])"
)
_HIDDEN = re.compile(
    rf"<([a-z][a-z0-9]{{0,15}})\b(?=[^<>]{{0,300}}(?:{_HIDING}))[^<>]{{0,400}}>"
    r".{0,4000}?(?:</\1\s{0,9}>|$)"
    r"|<(script|style|template|noscript)\b[^<>]{0,400}>.{0,4000}?(?:</\2\s{0,9}>|$)"
    r"|<!--.{0,4000}?(?:-->|$)",
    re.IGNORECASE | re.DOTALL,
)


def drop_hidden_markup(text: str) -> str:
    """Remove what a browser would not show: hidden elements, scripts, comments.

    >>> drop_hidden_markup('A <span style="display:none">lie</span>vote<!-- x -->.')
    'A vote.'
    """
    return _HIDDEN.sub("", text) if "<" in text else text


_TAG = re.compile(
    r"</?[A-Za-z][A-Za-z0-9:_-]{0,30}(?:\s[^<>]{0,600})?\s{0,9}/?>|<![A-Za-z][^<>]{0,200}>"
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "s",
    ]
)


def strip_tags(text: str) -> str:
    """Remove tags and keep what stands between them; other tags than inline ones part words.

    >>> strip_tags('<em>Paris</em></doc>talks <a href="x">began</a>; 3 < 5 > 2.')
    'Paris talks began; 3 < 5 > 2.'
    """
    return _TAG.sub(_tag_gap, text) if "<" in text else text


def _tag_gap(match: re.Match[str]) -> str:
    name = re.split(r"[\s/>]", match.group().lstrip("</"), maxsplit=1)[0].lower()
    return "" if name in _INLINE else " "


_SPECIAL = re.compile(
    r"<\|[^|<>\n]{1,40}\|>(?:\s{0,3}(?:system|user|assistant|developer|tool)\b)?"
    r"|</?(?:s|pad|unk|bos|eos|mask|sep|cls|doc-sep|n|think|start_of_turn|end_of_turn"
    r"|extra_id_\d{1,2})>(?:\s{0,3}(?:user|model)\b(?=\s*$))?"
    r"|\[/?(?:INST|CLS|SEP|MASK|PAD|UNK|BOS|EOS)\]|<</?SYS>>"
)


def strip_special_tokens(text: str) -> str:
    """Remove control tokens, which a tokenizer would read as its own.

    >>> strip_special_tokens("</s>[INST] The vote<doc-sep> passed.<|im_end|>")
    '   The vote  passed. '
    """
    return _SPECIAL.sub(" ", text) if "<" in text or "[" in text else text


_IMAGE = re.compile(r"!\[[^\[\]]{0,300}\]\([^()\s]{0,500}(?:\s\"[^\"]{0,200}\")?\)")
_LINK = re.compile(
    r"(?<!\\)\[([^\[\]]{1,300})\]\((?:https?:|mailto:|[/#.]|www\.)[^()\s]{0,500}"
    r"(?:\s\"[^\"]{0,200}\")?\)"
)
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^<>\s]{1,500}>")
_FOOTNOTE = re.compile(r"(?<=[\w.,!?”\"])\[(?:\^?\d{1,3}|note \d{1,2}|citation needed)\]")


def strip_links(text: str) -> str:
    """Keep a link's words, drop its address; drop images and footnote marks.

    >>> strip_links("![map](/m.png)The [vote](https://a.org/v) passed.[3] He has [two] votes.")
    'The vote passed. He has [two] votes.'
    """
    if "[" in text:
        text = _FOOTNOTE.sub("", _LINK.sub(r"\1", _IMAGE.sub("", text)))
    return _AUTOLINK.sub("", text) if "<" in text else text


_LINE_MARK = re.compile(r"^(?:#{1,6}\s+|>\s?|[*+•●▪■‣◦·–—-]\s+|\d{1,2}[.)]\s+(?=[A-Z“\"]))+")
_STRONG = re.compile(r"(\*{1,3}|_{2,3}|~~|`{1,3})(?=\S)([^*`~\n]{1,2000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w_])_(?=\S)([^_\n]{1,500}?)(?<=\S)_(?![\w_])")
_LOOSE = re.compile(r"(?<!\S)(?:_{2,4}|#{2,6})(?!\S)|\*{2,4}|(?<!\w)_{2,4}|_{2,4}(?!\w)")
_ESCAPED = re.compile(r"\\(?=[*_#\[\]()`>~.!-])")


def strip_markdown(text: str) -> str:
    """Remove markdown's marks for headings, lists, quotations and emphasis.

    >>> strip_markdown("- **Kyiv** paid _twice_ for snake_case and 5 * 3, *he* said.")
    'Kyiv paid twice for snake_case and 5 * 3, he said.'
    """
    text = _LINE_MARK.sub("", text)
    if not any(mark in text for mark in "*_~`#\\"):
        return text
    text = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", _STRONG.sub(r"\2", text)))
    return _ESCAPED.sub("", _LOOSE.sub("", text))


_KEY_VALUE = re.compile(r"[A-Za-z_][\w-]{0,30}:(?:\s|$)|-\s|#")


def drop_front_matter(paragraphs: Sequence[str]) -> list[str]:
    """Remove the `key: value` lines that stand between `---` at the head of a markdown file.

    >>> drop_front_matter(["---", "publisher: The Post", "---", "# Talks begin"])
    ['', '', '', '# Talks begin']
    """
    result = list(paragraphs)
    if result[:1] != ["---"] or "---" not in result[1:30]:
        return result
    end = result.index("---", 1)
    if not all(_KEY_VALUE.match(text) for text in result[1:end]):
        return result
    return [""] * (end + 1) + result[end + 1 :]
