"""Corpora of a few made-up sentences, in the files and formats that the tasks read."""

from __future__ import annotations

import json
import lzma
import random
from typing import TYPE_CHECKING, Any

from digest.training.tagging.compression import CompressionTask
from digest.training.tagging.fusion import FusionTask
from digest.training.tagging.ner import NerTask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PEOPLE = ("Anna Berg", "Clara Dorn", "Emil Falk")
_PLACES = ("Oslo", "Velm", "Riga")
_BODIES = ("Acme Corp", "Nord Bank")


def packed(path: Path, rows: Sequence[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8", preset=0) as handle:
        handle.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def ner(corpora: Path, *, sentences: int = 12) -> Path:
    """Write the corpora of names: who is met where, and for which body."""
    dice = random.Random(1)
    for path in NerTask().files(corpora):
        worldwide = "worldwide" in path.name
        packed(path, [_named(dice, worldwide=worldwide) for _ in range(sentences)])
    return corpora


def _named(dice: random.Random, *, worldwide: bool) -> dict[str, Any]:
    kinds = ("Person", "Location", "Organization") if worldwide else ("PER", "LOC", "ORG")
    parts = (
        (dice.choice(_PEOPLE), kinds[0]),
        ("left", ""),
        (dice.choice(_PLACES), kinds[1]),
        ("and met", ""),
        (dice.choice(_BODIES), kinds[2]),
        ("on", ""),
        (dice.choice(("Monday", "Tuesday")), "Date" if worldwide else ""),
        (".", ""),
    )
    tokens, tags = [], []
    for words, kind in parts:
        for place, word in enumerate(words.split()):
            tokens.append(word)
            tags.append(f"{'I' if place else 'B'}-{kind}" if kind else "O")
    return {"tokens": tokens, "tags": tags}


def compression(corpora: Path, *, sentences: int = 48) -> Path:
    """Write the corpora of compressions: what follows the first comma goes, the mark stays."""
    train, cased, test = CompressionTask().files(corpora)
    dice = random.Random(2)
    rows = []
    for _ in range(sentences):
        subject, verb, place = (
            dice.choice(["mayor", "minister", "court"]),
            dice.choice(["left", "met", "closed"]),
            dice.choice(["oslo", "velm", "<unk>"]),
        )
        rows.append(
            {
                "tokens": f"the {subject} {verb} the bridge , in {place} on ## .",
                "pos": "DT NN VBD DT NN , IN NNP IN CD .",
                "dep": "det nsubj ROOT det dobj p prep pobj prep pobj p",
                "keep": "11111000001",
            }
        )
    packed(train, rows)
    text = "The court left the bridge, in Oslo on 12."
    packed(test, [{"source": text, "compressed": "The court left the bridge."}] * 3)
    rare = "The court left the bridge, in Dornberg on 12."
    packed(cased, [{"source": rare, "compressed": "The court left the bridge."}] * 2)
    return corpora


def fusion(corpora: Path) -> Path:
    """Write articles, and pairs of sentences that one "and" makes one."""
    dice = random.Random(3)
    for path in FusionTask().files(corpora):
        if "wikisplit" in path.name:
            packed(path, [_pair(dice) for _ in range(8)])
        else:
            packed(path, [{"text": " ".join(_line(dice) for _ in range(6))} for _ in range(8)])
    return corpora


def _pair(dice: random.Random) -> dict[str, Any]:
    who, where = dice.choice(("mayor", "minister")), dice.choice(_PLACES)
    return {
        "sentences": [f"The {who} left {where} .", f"The {who} met the court ."],
        "fused": f"The {who} left {where} and met the court .",
    }


def _line(dice: random.Random) -> str:
    who, where = dice.choice(_PEOPLE), dice.choice(_PLACES)
    return f"{who} left the city of {where} on Monday and met the court with the bank minister."


WRITERS = {"ner": ner, "compress": compression, "fuse": fusion}
