"""Equal inputs give equal outputs, whatever the seed of Python's hashes."""

from __future__ import annotations

import os
import subprocess
import sys

_PROGRAM = """
from digest.text.alignment import Aligner
from digest.text.entities import Aliases, evidence, support
from digest.text.linkage import average_linkage
from digest.text.linking import link_entities
from digest.text.mentions import find_mentions
from digest.text.vectors import candidate_pairs, tfidf

texts = [
    "Sergei Lavrov of Russia met Marco Rubio in Riyadh; the UN and the US agreed on 12 points.",
    "Lavrov and Rubio met on Monday. Russian and American envoys spoke for two hours in Riyadh.",
    "The United Nations welcomed the talks in Riyadh, where Rubio spoke of 12 points.",
    "Volodymyr Zelenskiy and Volodymyr Zelenskyy, or Zelensky, left Kiev for Kyiv and the EU.",
    "The European Union and the European Commission asked Zelensky about Riyadh on Monday.",
]
found = {str(n): find_mentions(text) for n, text in enumerate(texts)}
entities = link_entities(found)
print(entities)
pairs = candidate_pairs(tfidf(texts), at_least=0.01)
print(pairs)
print(average_linkage(len(texts), pairs, threshold=0.1))
print(Aligner(texts).matches("Lavrov and Rubio met in Riyadh over Kyiv", limit=5))
aliases = Aliases(entities)
print([support(m, evidence(text), aliases) for m in found["3"] for text in texts])
"""


def _output(seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_outputs_do_not_depend_on_the_hash_seed() -> None:
    first, second = _output("1"), _output("4242")
    assert len(first.splitlines()) == 5
    assert first == second
