"""What models write beside the text they were asked for, found by its wording."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from digest.text.sentences import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence


class Removal(StrEnum):
    """What was cut from a model's raw text: a closed list."""

    REASONING = "reasoning"
    SPECIAL_TOKEN = "special_token"  # noqa: S105 - a code, no secret
    MARKUP = "markup"
    CHATTER = "chatter"
    CITATION_MARK = "citation_mark"
    LOOP = "loop"
    SELF_CORRECTION = "self_correction"
    AI_DISCLAIMER = "ai_disclaimer"
    PROMPT_ECHO = "prompt_echo"
    UNSUPPORTED = "unsupported"
    FRAGMENT = "fragment"
    TOO_LONG = "too_long"


_THINK = r"(?:think|thinking|thought|reasoning|reflection|scratchpad)"
_OPEN = rf"(?:<{_THINK}>|\[THINK\])"
_CLOSE = rf"(?:</{_THINK}>|\[/THINK\])"
_THOUGHT = re.compile(rf"{_OPEN}.*?{_CLOSE}", re.IGNORECASE | re.DOTALL)
_UNOPENED = re.compile(rf"^.*{_CLOSE}", re.IGNORECASE | re.DOTALL)
_UNCLOSED = re.compile(rf"{_OPEN}.*$", re.IGNORECASE | re.DOTALL)
# Channels of gpt-oss, as tokens and as what is left when a decoder skips special tokens.
_CHANNELS = re.compile(
    r"^.*<\|channel\|>\s*final\s*<\|message\|>|^\s*analysis(?=[A-Z\s]).*?assistantfinal", re.DOTALL
)
_UNANSWERED = re.compile(r"<\|channel\|>\s*(?:analysis|commentary)\b.*$", re.DOTALL)


def drop_reasoning(text: str) -> str:
    """Remove what a model thought before it answered, also where a mark of it is missing.

    >>> drop_reasoning("<think>Two...</think>Rain fell."), drop_reasoning("Hm.</think>Done.")
    (' Rain fell.', 'Done.')
    """
    text = _UNANSWERED.sub("", _CHANNELS.sub("", text))
    return _UNCLOSED.sub("", _UNOPENED.sub("", _THOUGHT.sub(" ", text)))


_NEW_LINE = re.compile(r"<n>|<0x0A>|<br\s?/?>|▁?<newline>", re.IGNORECASE)
_TURN = re.compile(
    r"(?:<\|(?:im_start|start_header_id|start)\|>|<start_of_turn>)"
    r"\s*(?:system|user|assistant|model)?\s*"
)
_TOKEN = re.compile(
    r"<[|｜][^<>|｜\n]{0,60}[|｜]>|</?(?=[\w.-]*[A-Za-z])[\w.-]{1,40}>|</?article\b[^<>\n]{0,60}>|<</?SYS>>"
    r"|\[/?(?:INST|CLS|SEP|MASK|PAD|UNK|BOS|EOS)\]"
)


def drop_special_tokens(text: str) -> str:
    r"""Remove control tokens and tags; `<n>` and its like become the line breaks they stand for.

    >>> drop_special_tokens("<s>Rain fell.<n>Roads closed.</s><pad>")
    ' Rain fell.\nRoads closed.  '
    """
    return _TOKEN.sub(" ", _TURN.sub(" ", _NEW_LINE.sub("\n", text)))


_PRODUCT = r"(?:summary|briefing|digest|text|rewrite|version|overview|report|answer|response)"
_GREETING = re.compile(
    r"^\s*(?:sure(?: thing)?|certainly|of course|okay|ok|absolutely|great|understood|got it"
    r"|alright)(?:[!.]\s*|,\s*(?=here\b|i\b|below\b))",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\s*(?:(?:assistant|human|user)\s*:\s*"
    r"|(?:here(?:['’]s| is| are)|below is|this is|the following is)\b[^.:!?\n]{0,60}"
    rf"\b{_PRODUCT}\b[^.:!?\n]{{0,80}}(?::|\.?$)\s*"
    rf"|(?:final |short |news )?(?:summary|briefing|summari[sz]e|answer|output|response|tl;dr)"
    r"(?: \(\d+ words\))?\s*:\s*)",
    re.IGNORECASE | re.MULTILINE,
)
_CLOSING = re.compile(
    r"(?:^|(?<=[.!?\s]))(?:let me know if|i hope (?:this|that|you)\b|hope this helps|feel free to|"
    r"would you like(?: me)?|do you want me|please let me know|is there anything else)\b"
    r"[^.!?\n]{0,200}(?:[.!?]|$)",
    re.IGNORECASE | re.MULTILINE,
)


def drop_chatter(text: str) -> str:
    """Remove what is said to the person who asked: "Sure!", "Here is the summary:".

    >>> drop_chatter("Sure! Here is a summary of the articles: Rain fell. Hope this helps!")
    'Rain fell. '
    """
    return _CLOSING.sub("", _OPENING.sub("", _GREETING.sub("", text)))


_NUMBERS = r"\d{1,3}(?:\s?(?:,|;|and|&|-|–)\s?(?:(?:source|article|document)s? )?\d{1,3}){0,9}"
_MARK = re.compile(
    rf" ?(?:\[\^?{_NUMBERS}\]|【[^【】\n]{{1,40}}】"
    rf"|\[(?:source|article|document|doc|ref)s?\.? ?#?{_NUMBERS}\]"
    rf"|\((?:source|document|doc|ref)s?:?\.? ?#?{_NUMBERS}\))",
    re.IGNORECASE,
)


def strip_citation_marks(text: str) -> str:
    """Remove marks like "[1]" and "(Source 2)": citations are derived, not believed.

    "(Article 5)" stays, since treaties have articles.

    >>> strip_citation_marks("Rain fell [1][2, 3]. Roads closed (Sources 1 and 2).")
    'Rain fell. Roads closed.'
    """
    return _MARK.sub("", text)


# One word four times, several words three times in a row: "very, very, very" is said, and longer
# runs never are.
_GAP = r"[^\w\s]{0,3}\s[^\w\s]{0,2}"
_COLLAPSE = re.compile(
    rf"(?<!\w)(\w+(?:['’-]\w+)*)(?:{_GAP}\1(?!\w)){{3,}}"
    rf"|(?<!\w)(\w+(?:{_GAP}\w+){{1,24}}?)(?:{_GAP}\2(?!\w)){{2,}}",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)")


def cut_collapse(text: str) -> str:
    """Cut a text where it begins to say the same words again and again.

    >>> cut_collapse("Rain fell. The mayor said the mayor said the mayor said the")
    'Rain fell. The mayor said'
    """
    match = _COLLAPSE.search(text)
    if match is None:
        return text
    end = match.end(1) if match.group(1) else match.end(2)
    closed = _SENTENCE_END.match(text, end)
    return text[: closed.end() if closed else end]


_REDONE = re.compile(
    r"^(?:(?:wait|hmm|actually|sorry|okay|ok)\b[^\w]{1,4})*(?:let me|let['’]s|i['’]ll|i will|"
    r"i should|i need to) (?:\w+ )?"
    r"(?:rephrase|rewrite|revise|redo|start over|try again|shorten|fix)\b"
    r"|^(?:revised|corrected|shortened|improved|final) (?:version|summary|briefing|text)\b",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"^(?:wait|hmm+|oops|scratch that|no wait|correction|sorry)\s?(?:[,:.!…—–-]|$)"
    r"|^(?:actually, )?(?:let me|let['’]s) (?:think|check|recheck|re-check|count|verify|see"
    r"|summari)"
    r"|^\(?(?:(?:total )?word count|words?)\s?[:=]"
    r"|^\(?(?:approximately |about |exactly )?\d+ words\)?[.!]?$"
    r"|^\(?note(?: that)?\s?:.*\b(?:summary|briefing|articles?|sources?|words?|limit)\b"
    r"|^(?:i (?:need|have|want) to|i must|i should|i['’]ll|i will)\b.*"
    r"\b(?:summar|words?|articles?|sources?|shorten|write)",
    re.IGNORECASE,
)
_AI = re.compile(
    r"\bas an? (?:ai|artificial intelligence|(?:large )?language model)(?: language)?"
    r"(?: model| assistant| system)?(?:,| i\b)|^i(?:['’]m| am) (?:an ai|sorry|unable|not able)\b"
    r"|^(?:(?:(?:i['’]m )?sorry|i apologi[sz]e),? (?:but )?)?i (?:cannot|can['’]t|can not) "
    r"(?:assist|help|provide|summari|fulfil|access|browse|verify|write|complete|continue)"
    r"|\bmy (?:training data|knowledge cutoff)\b",
    re.IGNORECASE,
)


def without_corrections(sentences: Sequence[str], removed: list[Removal]) -> list[str]:
    """Return the sentences in which a model speaks neither to itself nor of itself.

    Where it starts over, what stood before goes too if half as much or more follows.
    """
    kept: list[str] = []
    for number, sentence in enumerate(sentences):
        if _REDONE.search(sentence):
            removed.append(Removal.SELF_CORRECTION)
            following = sum(map(count_words, sentences[number + 1 :]))
            if following * 2 >= sum(map(count_words, kept)):
                kept.clear()
        elif _AI.search(sentence):
            removed.append(Removal.AI_DISCLAIMER)
        elif _CORRECTION.search(sentence):
            removed.append(Removal.SELF_CORRECTION)
        else:
            kept.append(sentence)
    return kept
