"""The metrics, one family per file; those that need no model are also names of this package.

Each takes texts and returns a frozen record; `signature` or `…_signature` says which choices are
behind its numbers. See `docs/evaluation.md` for worked examples.
"""

from eval.metrics.citations import CitationScores, CitedText, citation_scores
from eval.metrics.clustering import ClusteringScores, score_clustering
from eval.metrics.coverage import SourceCoverage, source_coverage
from eval.metrics.entities import EntityScores, entity_scores
from eval.metrics.extractiveness import Extractiveness, extractiveness
from eval.metrics.extractors import extractor
from eval.metrics.length import Length, length
from eval.metrics.nli import NliScorer
from eval.metrics.redundancy import Redundancy, redundancy
from eval.metrics.rouge import RougeScore, RougeScores, rouge
from eval.metrics.similarity import EncoderSimilarity

__all__ = [
    "CitationScores",
    "CitedText",
    "ClusteringScores",
    "EncoderSimilarity",
    "EntityScores",
    "Extractiveness",
    "Length",
    "NliScorer",
    "Redundancy",
    "RougeScore",
    "RougeScores",
    "SourceCoverage",
    "citation_scores",
    "entity_scores",
    "extractiveness",
    "extractor",
    "length",
    "redundancy",
    "rouge",
    "score_clustering",
    "source_coverage",
]
