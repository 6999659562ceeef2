"""What is known of each metric by name: its family, and which way is good."""

from __future__ import annotations

from dataclasses import dataclass

from eval.comparing.records import Direction

_UP, _DOWN, _NONE = Direction.HIGHER, Direction.LOWER, Direction.NONE

# The first prefix that fits decides. Copying, length and what only describes have no good way.
_PREFIXES = (
    ("rouge", "rouge", _UP),
    ("entity_conflicts", "entities", _DOWN),
    ("entity_unscorable", "entities", _NONE),
    ("entity_", "entities", _UP),
    ("citations_misquoted", "citations", _DOWN),
    ("citation", "citations", _UP),
    ("max_similarity", "redundancy", _DOWN),
    ("repeated_trigrams", "redundancy", _DOWN),
    ("source_", "coverage", _UP),
    ("shared_content_recall", "coverage", _UP),
    ("entailment", "nli", _UP),
    ("similarity_source_", "similarity", _NONE),
    ("similarity_", "similarity", _UP),
    ("coverage", "extractiveness", _NONE),
    ("max_coverage", "extractiveness", _NONE),
    ("density", "extractiveness", _NONE),
    ("max_density", "extractiveness", _NONE),
    ("compression", "extractiveness", _NONE),
    ("novel_", "extractiveness", _NONE),
    ("words", "length", _NONE),
    ("sentences", "length", _NONE),
    ("characters", "length", _NONE),
)


@dataclass(frozen=True, slots=True)
class MetricKind:
    """Where a metric comes from, and which way is good; no family for one that nobody knows."""

    family: str | None
    direction: Direction


def kind_of(metric: str) -> MetricKind:
    """Return what is known of a metric.

    >>> kind_of("max_similarity").direction.value, kind_of("density").direction.value
    ('lower', 'none')
    """
    for prefix, family, way in _PREFIXES:
        if metric.startswith(prefix):
            return MetricKind(family, way)
    return MetricKind(None, Direction.NONE)
