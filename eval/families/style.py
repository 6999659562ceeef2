"""Families about the text itself and what it takes from where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.metrics.coverage import SIGNATURE as COVERAGE
from eval.metrics.coverage import source_coverage
from eval.metrics.extractiveness import SIZES, extractiveness, extractiveness_signature
from eval.metrics.length import SIGNATURE as LENGTH
from eval.metrics.length import length
from eval.metrics.redundancy import SIGNATURE as REDUNDANCY
from eval.metrics.redundancy import redundancy
from eval.records import Value
from eval.suite import Options, Scored

if TYPE_CHECKING:
    from eval.records import ArticleRow, Case


def source_text(article: ArticleRow) -> str:
    """Return what an article says, its title first: the text that outputs are held against."""
    return f"{article.title}\n{article.text}" if article.title else article.text


@dataclass(frozen=True, slots=True)
class ExtractivenessFamily:
    """How much is copied, and how much is new."""

    options: Options
    name: str = "extractiveness"

    @property
    def signature(self) -> str:
        """The choices behind the numbers."""
        return extractiveness_signature(tok=self.options.tok)

    def score(self, case: Case) -> Scored:
        """Return coverage, density, compression and the share of new 1- to 4-grams."""
        texts = [source_text(article) for article in case.example.articles]
        found = extractiveness(case.text, texts, tok=self.options.tok)
        note = "no token in the output or its sources"
        values = {
            name: _value(getattr(found, name), note)
            for name in ("coverage", "density", "compression", "max_coverage", "max_density")
        }
        for size in SIZES:
            new = found.novelty[size - 1] if found.novelty else None
            values[f"novel_{size}grams"] = (
                Value(value=new.share, hits=new.novel, total=new.total)
                if new and new.share is not None
                else _value(None, f"fewer than {size} tokens" if new else note)
            )
        return Scored(values=values)


@dataclass(frozen=True, slots=True)
class RedundancyFamily:
    """How much an output repeats itself."""

    options: Options
    name: str = "redundancy"
    signature: str = REDUNDANCY

    def score(self, case: Case) -> Scored:
        """Return the highest similarity of two sentences and the share of repeated trigrams."""
        found = redundancy(case.text)
        return Scored(
            values={
                "max_similarity": _value(found.max_similarity, "fewer than two sentences"),
                "repeated_trigrams": _value(found.repeated_trigrams, "fewer than three words"),
            }
        )


@dataclass(frozen=True, slots=True)
class CoverageFamily:
    """How many sources an output draws on, how evenly, and how much of what they share it says."""

    options: Options
    name: str = "coverage"
    signature: str = COVERAGE

    def score(self, case: Case) -> Scored:
        """Return the share of sources drawn on, the balance, and the recall of shared content."""
        found = source_coverage(case.text, [source_text(a) for a in case.example.articles])
        return Scored(
            values={
                "source_coverage": _value(found.coverage, "no sources or no sentence"),
                "source_coverage_reachable": _value(found.relative, "no sources or no sentence"),
                "source_balance": _value(found.balance, "one source, or none drawn on"),
                "shared_content_recall": _value(found.content, "no two sources share anything"),
            }
        )


@dataclass(frozen=True, slots=True)
class LengthFamily:
    """How long an output is."""

    options: Options
    name: str = "length"
    signature: str = LENGTH

    def score(self, case: Case) -> Scored:
        """Return words, sentences, characters and words per sentence."""
        found = length(case.text)
        return Scored(
            values={
                "words": Value(value=found.words),
                "sentences": Value(value=found.sentences),
                "characters": Value(value=found.characters),
                "words_per_sentence": _value(found.words_per_sentence, "no sentence"),
            }
        )


def _value(value: float | None, note: str) -> Value:
    return Value(value=value, note=note if value is None else None)
