"""What can be wrong with a sentence, apart from what it names."""

from __future__ import annotations

import re

from digest.records import WithheldReason
from digest.text.quotes import balanced

_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")
_LEAK = re.compile(
    r"</?think>|\bas an ai\b|\bas a language model\b|\bhere(?:'s| is) (?:a|the|your) "
    r"(?:summary|briefing)|\blet me (?:think|summari[sz]e|rephrase)|"
    r"\bi (?:cannot|can't) (?:assist|help)|\bword count:",
    re.IGNORECASE,
)
_INJECTION = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,30}\b(?:previous|above|prior|earlier)\b.{0,30}"
    r"\b(?:instructions?|prompts?|rules|articles?|text)\b"
    r"|<\|?(?:im_start|im_end|system|assistant|user)\|?>|\[/?INST\]|</s>",
    re.IGNORECASE,
)


def fault(text: str) -> WithheldReason | None:
    """Return why a sentence is unfit for print whatever it says, None where nothing is wrong.

    >>> fault("Stubb said:"), fault("The vote passed.")
    (<WithheldReason.FRAGMENT: 'fragment'>, None)
    """
    if _INJECTION.search(text):
        return WithheldReason.INJECTION
    if _LEAK.search(text):
        return WithheldReason.LEAKED_REASONING
    complete = _ENDS.search(text) and balanced(text) and len(text.split()) >= 3
    if not complete or (not text[:1].strip("“\"'‘(").isupper() and text[:1].isalpha()):
        return WithheldReason.FRAGMENT
    return None
