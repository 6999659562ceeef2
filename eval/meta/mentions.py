"""Entity labels: how well a verdict, or a peer's rule, finds the mentions that people reject."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.records import Label, Mention
from eval.meta import peers
from eval.meta.labels import EntityOutput
from eval.meta.records import Agreement
from eval.meta.scorers import articles
from eval.metrics.entities import judge
from eval.metrics.extractors import ONTONOTES
from eval.records import Level
from eval.signature import signature
from eval.stats import Resampling, detection, ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from eval.meta.labels import LabelledFile

# A type or label of fewer mentions has an interval too wide to read: half of [0, 1] at 10.
_ENOUGH = 30
# "Flagged" is what is not found. A date that counts from a day nobody knows was not found either.
_NOT_FOUND = (Level.NONE, Level.CONFLICT, Level.UNSCORABLE)
# What OntoNotes tells apart and we do not.
_KINDS = ONTONOTES | {
    "ORDINAL": Label.NUMBER,
    "TIME": Label.DATE,
    "WORK_OF_ART": Label.ORG,
    "PRODUCT": Label.ORG,
    "LAW": Label.ORG,
    "LANGUAGE": Label.NORP,
}
_PEERS: dict[str, Callable[[str, str], bool]] = {
    "nan rule": peers.nan_rule,
    "case-insensitive": peers.case_insensitive,
    "token-boundary": peers.token_boundary,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One labelled mention: what people say, what each rule says; `flags` are by rule."""

    output: int
    kind: str
    label: str
    hallucinated: bool
    level: Level
    flags: dict[str, bool]


def judged(outputs: Sequence[EntityOutput], *, k: int, distractors: int) -> list[Judged]:
    """Return every labelled mention of some outputs as each rule judges it, in their order.

    Args:
        outputs: what is labelled.
        k: how many articles a sentence is held against.
        distractors: how many other sources of the same file, the most similar by TF-IDF first, are
            put beside the own ones, as an extra judgment; 0 for none.
    """
    strangers = _closest_others(outputs, distractors) if distractors else [()] * len(outputs)
    found = []
    for number, (output, others) in enumerate(zip(outputs, strangers, strict=True)):
        crowd = (*output.sources, *others)
        settings = [("", output.sources)]
        if distractors:
            settings.append((f" +{distractors}", crowd))
        columns = [_columns(output, sources, suffix=suffix, k=k) for suffix, sources in settings]
        for index, gold in enumerate(output.entities):
            flags = {name: flag for one in columns for name, flag in one[index][1].items()}
            found.append(
                Judged(
                    output=number,
                    kind=gold.kind,
                    label=gold.label,
                    hallucinated=gold.hallucinated,
                    level=columns[0][index][0],
                    flags=flags,
                )
            )
    return found


def _columns(
    output: EntityOutput, sources: Sequence[str], *, suffix: str, k: int
) -> list[tuple[Level, dict[str, bool]]]:
    """Return per labelled mention the union's level and the flags of every rule."""
    texts = [output.prediction[gold.start : gold.end] for gold in output.entities]
    mentions = [
        Mention(text=text, label=_label(gold.kind), start=gold.start, end=gold.end)
        for text, gold in zip(texts, output.entities, strict=True)
    ]
    verdicts = judge(output.prediction, mentions, articles(sources), k=k)
    whole = "\n".join(sources)
    columns = []
    for text, verdict in zip(texts, verdicts, strict=True):
        union, anchored = verdict.union, verdict.anchored
        missing = anchored in _NOT_FOUND
        flags = {f"union{suffix}": union in _NOT_FOUND, f"anchored{suffix}": missing}
        scorable = missing and anchored is not Level.UNSCORABLE
        flags[f"anchored and scorable{suffix}"] = scorable
        flags |= {f"{name}{suffix}": not rule(text, whole) for name, rule in _PEERS.items()}
        columns.append((union, flags))
    return columns


def _label(kind: str) -> Label:
    """Return our label of a given type: OntoNotes' or our own names; a name of a body for others.

    >>> _label("GPE").value, _label("PLACE").value, _label("").value
    ('PLACE', 'PLACE', 'ORG')
    """
    if kind in Label.__members__:
        return Label[kind]
    return _KINDS.get(kind, Label.ORG)


def _closest_others(outputs: Sequence[EntityOutput], wanted: int) -> list[tuple[str, ...]]:
    """Return for each output the other outputs' sources most like its own, the closest first."""
    import numpy as np  # noqa: PLC0415 - 0.1 s

    from digest.text.vectors import tfidf  # noqa: PLC0415 - SciPy, 0.2 s

    texts = list(dict.fromkeys(text for output in outputs for text in output.sources))
    number = {text: index for index, text in enumerate(texts)}
    rows = tfidf(texts)
    found = []
    for output in outputs:
        own = [number[text] for text in output.sources]
        likeness = np.asarray(rows[own].mean(axis=0) @ rows.T).ravel().round(9)
        likeness[own] = -1.0
        order = np.argsort(-likeness, kind="stable")[:wanted]
        found.append(tuple(texts[i] for i in order if likeness[i] >= 0))
    return found


def measure_mentions(
    file: LabelledFile, *, k: int, distractors: int, using: Resampling
) -> tuple[list[Agreement], list[str]]:
    """Return how well each rule finds the rejected mentions of a file, and what was left out."""
    outputs = [row for row in file.rows if isinstance(row, EntityOutput)]
    mentions = judged(outputs, k=k, distractors=distractors)
    without = sum(not output.entities for output in outputs) / len(outputs)
    found: list[Agreement] = []
    for rule in mentions[0].flags if mentions else ():
        found += _detected(file.name, mentions, rule, "", without=without, k=k, using=using)
    kinds = Counter(mention.kind for mention in mentions if mention.kind)
    for kind, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0])):
        if count >= _ENOUGH:
            of_kind = [mention for mention in mentions if mention.kind == kind]
            found += _detected(file.name, of_kind, "anchored", kind, k=k, using=using)
    found += _by_label(file.name, mentions, k=k, using=using)
    return found, list(_notes(file, mentions))


def _detected(
    corpus: str,
    mentions: Sequence[Judged],
    rule: str,
    subset: str,
    *,
    k: int,
    using: Resampling,
    without: float = 0.0,
) -> Iterator[Agreement]:
    found = detection(
        [mention.flags[rule] for mention in mentions],
        [mention.hallucinated for mention in mentions],
        groups=[mention.output for mention in mentions],
        using=using,
    )
    for statistic in ("precision", "recall", "f1", "balanced_accuracy"):
        yield Agreement(
            corpus=corpus,
            level="mention",
            metric=rule,
            against="not supported",
            statistic=statistic,
            estimate=getattr(found, statistic),
            signature=signature("flags", rule=rule.replace(" ", "-"), k=k, spans="labelled", v=1),
            subset=subset,
            without=without,
        )


def _by_label(
    corpus: str, mentions: Sequence[Judged], *, k: int, using: Resampling
) -> Iterator[Agreement]:
    """Yield the recall of each label that people reject mentions by."""
    labels = Counter(mention.label for mention in mentions if mention.hallucinated)
    for label, _ in sorted(labels.items(), key=lambda item: (-item[1], item[0])):
        mine = [mention for mention in mentions if mention.label == label]
        yield Agreement(
            corpus=corpus,
            level="mention",
            metric="anchored",
            against="not supported",
            statistic="recall",
            estimate=ratio(
                [float(mention.flags["anchored"]) for mention in mine],
                [1.0] * len(mine),
                groups=[mention.output for mention in mine],
                using=using,
            ),
            signature=signature("flags", rule="anchored", k=k, spans="labelled", v=1),
            subset=label,
        )


def _notes(file: LabelledFile, mentions: Sequence[Judged]) -> Iterator[str]:
    if not mentions:
        yield f"{file.name}: no labelled mention"
    unscorable = [mention for mention in mentions if mention.level is Level.UNSCORABLE]
    if unscorable:
        rejected = sum(mention.hallucinated for mention in unscorable)
        yield (
            f"{file.name}: {len(unscorable)} of {len(mentions)} mentions are unscorable (dates "
            "that count from a day nobody knows): flagged as not found, and people reject "
            f"{rejected}"
        )
