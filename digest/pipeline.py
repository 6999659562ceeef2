"""The one place that knows the stages, their order and their backends."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from digest.backends import build_backend
from digest.backends.embedded.weights import embedded_weights
from digest.cite import cite
from digest.codec import dump_draft, dump_records, load_draft, load_records
from digest.errors import BackendError, NothingToPublishError, UsageError
from digest.facts import find_facts
from digest.gather import gather
from digest.manifest import SilentProgress, Tally, build_manifest
from digest.merge import merge
from digest.records import Article, Draft, Facts, Status, Summarized, Summary, Task
from digest.render import to_html, to_json, to_markdown
from digest.store import MemoryDesk, RunFolder
from digest.summarize import summarize_all
from digest.verify import verify
from digest.writing import tokens_made, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from digest.config import Config
    from digest.protocols import Desk, Progress
    from digest.records import Briefing, Cluster, Dropped, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """A finished run: what is published, what was decided, what was lost on the way."""

    briefing: Briefing
    verdicts: tuple[Verdict, ...]
    dropped: tuple[Dropped, ...]
    written: tuple[Summarized, ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """Return what backends said that could not write, or not well enough."""
        return tuple(failure for item in self.written for failure in item.failures)


def run(
    config: Config,
    inputs: Sequence[str],
    *,
    output: Path | None = None,
    now: datetime | None = None,
    resume: bool = False,
    progress: Progress | None = None,
) -> RunResult:
    """Read, summarize, check and, given an output folder, write one briefing.

    Args:
        config: the effective configuration.
        inputs: files, folders, globs, feeds, URLs or data set names.
        output: the run folder; it is replaced only when a briefing was made.
        now: the time to stamp the briefing with; the present by default.
        resume: go on with an unfinished run of the same configuration, inputs and embedded models.
        progress: told what happens.

    Raises:
        SourceError: nothing could be read.
        BackendError: no backend could write.
        NothingToPublishError: no sentence was fit to print.
        UsageError: the output folder cannot be used, or there is no input.
    """
    if not inputs:
        raise UsageError("no input: give --input, or inputs in the section ingest of the config")
    created = (now or datetime.now(tz=UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    decisive = [config.sha256, list(inputs), embedded_weights(config)]
    key = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()
    header = {"key": key, "created": created, "run_id": f"{created}-{key[:8]}"}
    folder = None if output is None else RunFolder(output)
    if folder is not None:
        header = folder.open(header, resume=resume)
    desk: Desk = folder or MemoryDesk()
    tally = Tally(progress or SilentProgress())
    result = _write(config, inputs, desk, tally, created=header["created"])
    if folder is not None:
        folder.put("verdicts.jsonl", dump_records(result.verdicts))
        folder.put("briefing.json", to_json(result.briefing))
        folder.put("briefing.md", to_markdown(result.briefing))
        folder.put("briefing.html", to_html(result.briefing))
        articles = load_records(Article, folder.read("articles.jsonl"))
        manifest = build_manifest(config, header, result.verdicts, result.written, articles, tally)
        folder.publish(manifest)
    return result


def _write(
    config: Config, inputs: Sequence[str], desk: Desk, tally: Tally, *, created: str
) -> RunResult:
    material, clusters = gather(config, inputs, desk, tally)
    facts = desk.keep(
        "facts.jsonl",
        lambda: tuple(_facts(config, clusters, tally)),
        dump_records,
        lambda text: load_records(Facts, text),
    )
    written = _summaries(config, clusters, facts, desk, tally)
    if not any(item.summary.sentences for item in written):
        failures = [failure for item in written for failure in item.failures]
        raise BackendError("; ".join(failures) or "no backend wrote a sentence")
    draft = desk.keep(
        "draft.json",
        lambda: _draft(config, clusters, facts, written, tally),
        dump_draft,
        lambda text: load_draft(text, clusters, facts),
    )
    with tally.stage("verify", len(draft.sections)) as step:
        verified = verify(
            draft,
            config.verify,
            title=config.render.title,
            created=created,
            articles_read=len(material.articles) + len(material.dropped),
            articles_dropped=len(material.dropped),
        )
        step.note(f"{len(verified.verdicts)} sentences, {len(verified.briefing.withheld)} withheld")
    if not verified.briefing.sections:
        reasons = sorted({item.reason.value for item in verified.briefing.withheld})
        raise NothingToPublishError(
            f"no sentence of {len(verified.verdicts)} was fit to print ({', '.join(reasons)}); "
            "the last good briefing stays in place"
        )
    return RunResult(
        briefing=verified.briefing,
        verdicts=verified.verdicts,
        dropped=material.dropped,
        written=tuple(written),
    )


def _facts(config: Config, clusters: Sequence[Cluster], tally: Tally) -> Iterator[Facts]:
    with tally.stage("facts", len(clusters)) as step:
        conflicts = 0
        for one in clusters:
            found = step.done(find_facts(one, config.facts))
            conflicts += len(found.conflicts)
            yield found
        step.note(f"{conflicts} conflicts")


def _summaries(
    config: Config, clusters: Sequence[Cluster], facts: Sequence[Facts], desk: Desk, tally: Tally
) -> list[Summarized]:
    """Return a summary per cluster, each on the desk as soon as it is written."""
    backends = [build_backend(backend, seed=config.seed) for backend in config.summarize.backends]
    done = {item.summary.cluster_id: item for item in desk.appended("summaries.jsonl", Summarized)}
    tasks = [
        Task(cluster=one, facts=found, max_words=config.summarize.max_words)
        for one, found in zip(clusters, facts, strict=True)
        if one.id not in done
    ]
    began = time.perf_counter()
    tokens = 0
    with tally.stage("summarize", len(tasks)) as step:
        for number, outcome in summarize_all(tasks, backends, refuse=too_much_withheld(config)):
            name = tasks[number].cluster.id
            done[name] = step.done(_summarized(name, outcome))
            tokens += tokens_made(done[name])
            if not isinstance(outcome, BackendError):  # a resumed run asks again
                desk.append("summaries.jsonl", done[name])
        made = [done[one.id] for one in clusters]
        step.note(told(made, tokens=tokens, seconds=time.perf_counter() - began))
    return made


def _summarized(name: str, outcome: Summarized | BackendError) -> Summarized:
    """Return an outcome as a summary: an empty one with the reason where no backend could."""
    if not isinstance(outcome, BackendError):
        return outcome
    nothing = Summary(cluster_id=name, backend="none", headline="", sentences=())
    return Summarized(summary=nothing, failures=(str(outcome),), refused=outcome.reports)


def too_much_withheld(config: Config) -> Callable[[Summary, Task], str | None]:
    """Return what tells why the guard would leave too little of a summary, None where it would not.

    Only backends that ask a model are checked: what copies the sources has nothing to withhold.
    """

    def refuse(summary: Summary, task: Task) -> str | None:
        limit = config.summarize.max_withheld
        if summary.report is None or config.verify.mode != "enforce" or limit >= 1:
            return None
        draft = Draft(sections=(cite(summary, task.cluster, task.facts),))
        checked = verify(
            draft, config.verify, title="", created="", articles_read=0, articles_dropped=0
        )
        lost = sum(verdict.action in {None, Status.EXTRACTIVE} for verdict in checked.verdicts)
        if lost <= limit * len(summary.sentences):
            return None
        reasons = sorted({v.reason.value for v in checked.verdicts if v.reason})
        return (
            f"{lost} of {len(summary.sentences)} sentences are not supported by the sources "
            f"({', '.join(reasons)})"
        )

    return refuse


def _draft(
    config: Config,
    clusters: Sequence[Cluster],
    facts: Sequence[Facts],
    written: Sequence[Summarized],
    tally: Tally,
) -> Draft:
    with tally.stage("cite", len(clusters)) as step:
        sections = [
            step.done(cite(item.summary, one, found))
            for item, one, found in zip(written, clusters, facts, strict=True)
        ]
        step.note(f"{sum(len(s.citations) for x in sections for s in x.sentences)} citations")
    with tally.stage("merge", len(sections)) as step:
        draft = merge(sections, config.merge)
        step.note(f"{len(draft.sections)} sections")
    return draft
