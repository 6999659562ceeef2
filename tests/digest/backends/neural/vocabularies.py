"""Vocabularies built by rule, not trained, so that token ids can be compared with golden ones."""

from __future__ import annotations

from tokenizers import pre_tokenizers

TEXTS = (
    "The council of Port Oran opened the northern bridge on Monday after weeks of delay.",
    "Fire crews closed the tram depot at a cost of $3.5 million, the mayor said.",
    "Nine pumps at the river mouth failed while heavy rain fell and 312 people left their homes.",
    "A court in Velm fined two companies because they had no permit for the new hospital wing.",
)
WORDS = sorted({word for text in TEXTS for word in text.split()})
CHARACTERS = sorted(
    {c for text in TEXTS for c in text} | set("abcdefghijklmnopqrstuvwxyz0123456789#:")
)


def byte_bpe() -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Return the vocabulary and merges of a byte-level BPE that knows the prefixes of its words."""

    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate([*specials, *alphabet])}
    merges: list[tuple[str, str]] = []
    for word in WORDS:
        letters = f"Ġ{word}"
        for end in range(2, len(letters) + 1):
            if letters[:end] not in vocabulary:
                merges.append((letters[: end - 1], letters[end - 1]))
                vocabulary[letters[:end]] = len(vocabulary)
    return vocabulary, merges


def unigram(specials: list[str]) -> list[tuple[str, float]]:
    """Return pieces with scores: whole words are likelier than their letters."""
    pieces = [*["▁" + word for word in WORDS], "▁", *CHARACTERS]
    known = [(token, 0.0) for token in specials]
    return known + [(p, -3.0 if len(p) > 1 else -9.0) for p in dict.fromkeys(pieces) if p != " "]
