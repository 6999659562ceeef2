"""Families that compare an output with what people wrote."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING

from eval.families.style import source_text
from eval.metrics.rouge import KINDS, rouge, rouge_signature
from eval.metrics.similarity import EncoderSimilarity
from eval.records import Value
from eval.suite import Options, Scored

if TYPE_CHECKING:
    from eval.metrics.rouge import ReferenceScores
    from eval.records import Case

_PARTS = ("precision", "recall", "fmeasure")


@dataclass(frozen=True, slots=True)
class RougeFamily:
    """ROUGE-1, -2, -L and -Lsum against the references."""

    options: Options
    name: str = "rouge"

    @property
    def signature(self) -> str:
        """The choices behind all kinds; each row says how many references it had."""
        o = self.options
        kinds = "|".join(KINDS)
        of_one = rouge_signature(KINDS[0], nrefs="rows", mref=o.mref, stem=o.stem, tok=o.tok)
        return of_one.replace(KINDS[0], kinds, 1)

    def score(self, case: Case) -> Scored:
        """Return precision, recall and F of each kind, and the same against each reference."""
        o = self.options
        found = rouge(case.text, case.example.references, mref=o.mref, stem=o.stem, tok=o.tok)
        values = {}
        for kind in KINDS:
            score = found.score(kind)
            for part in _PARTS:
                values[f"{kind}_{part}"] = Value(
                    value=None if score is None else getattr(score, part),
                    note=None if score else found.state.value,
                )
        return Scored(values=values, details={"rouge": [_row(one) for one in found.per_reference]})


def _row(one: ReferenceScores) -> dict[str, object]:
    return {"reference": one.index} | {kind: asdict(one.score(kind)) for kind in KINDS}


@dataclass(frozen=True, slots=True)
class SimilarityFamily:
    """How close an output is to its references and sources in an encoder's eyes."""

    options: Options
    name: str = "similarity"

    @property
    def signature(self) -> str:
        """The model, by hash, its layer, and how references are combined."""
        found = encoder_similarity(self.options.encoder or "").signature
        return f"{found}|mref:{self.options.mref}"

    def score(self, case: Case) -> Scored:
        """Return precision, recall and F of matched tokens, with references and with sources."""
        encoder = encoder_similarity(self.options.encoder or "")
        found = encoder.score(case.text, case.example.references)
        texts = [source_text(article) for article in case.example.articles]
        compared = {
            "similarity": found.best if self.options.mref == "best" else found.mean,
            "similarity_source": encoder.against_sources(case.text, texts),
        }
        return Scored(
            values={
                f"{name}_{part}": Value(
                    value=getattr(one, part) if one else None,
                    note=None if one else "no token to compare",
                )
                for name, one in compared.items()
                for part in _PARTS
            }
        )


@cache
def encoder_similarity(model: str) -> EncoderSimilarity:
    """Return the scorer of an encoder; it is loaded once per process."""
    return EncoderSimilarity(model)
