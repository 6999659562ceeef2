"""What a command line names -> entrants: folders of scores, runs, configurations, predictions."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from digest.codec import encode
from digest.config import load_config
from digest.errors import UsageError
from digest.store import is_run, write_atomically
from eval.batches import corpus_batch, examples_of, run_batches
from eval.comparing.entrants import read_entrants
from eval.corpora import read_corpus
from eval.harness import score
from eval.ledger import corpus_sha256, fingerprint
from eval.outputs import write_outputs
from eval.predictions import stream_predictions
from eval.runs import DRAFT
from eval.store import SUMMARY, is_scores
from eval.suite import parse_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.protocols import Progress
    from eval.comparing.entrants import Entrant
    from eval.comparing.records import Comparison
    from eval.records import Example
    from eval.suite import Options

COMPARISON = "comparison.json"
CORPUS = "corpus.jsonl"
_YAML = {".yaml", ".yml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be compared, and where to put what has to be made for it.

    `sources` are folders of scores, run folders, configurations (.yaml) and files of predictions.
    Configurations and predictions need `corpus`. `references` is for run folders. `drafts` takes
    the drafts of run folders in place of what was published.
    """

    sources: tuple[str, ...]
    output: Path
    options: Options
    corpus: str | None = None
    references: str | None = None
    drafts: bool = False
    processes: int | None = None


def gather(request: Request, *, progress: Progress) -> tuple[Entrant, ...]:
    """Generate and score what is not there yet, and return all entrants in the order named.

    What is scored now goes into `output/scores`; a stopped command goes on where it was.

    Raises:
        UsageError: a source is none of the kinds or named twice, a corpus is missing, or choices of
            scoring are given where nothing is left to score.
    """
    stored = [s for s in request.sources if is_scores(Path(s))]
    _check(request, stored)
    runs = [s for s in request.sources if s not in stored and is_run(Path(s))]
    others = [s for s in request.sources if s not in stored and s not in runs]
    batches = list(run_batches([Path(run) for run in runs], request.references))
    of_source: dict[str, list[str]] = {
        run: [batch.name, batch.name + DRAFT] for run, batch in zip(runs, batches, strict=True)
    }
    if others:
        files = _files(others, request, progress)
        batches += corpus_batch([str(file) for file in files.values()], request.corpus)
        of_source |= {
            source: sorted({p.run for p in stream_predictions(str(file))})
            for source, file in files.items()
        }
    scores = request.output / "scores"
    if batches:
        score(
            batches,
            request.options,
            output=scores,
            processes=request.processes,
            progress=progress,
        )
    fresh = {e.name: e for e in read_entrants(scores)} if batches else {}
    found: list[Entrant] = []
    for source in request.sources:
        some = (
            read_entrants(Path(source))
            if source in stored
            else [fresh[name] for name in of_source[source]]
        )
        found += _wanted(some, drafts=request.drafts)
    return _told_apart(found)


def _check(request: Request, stored: Sequence[str]) -> None:
    source, times = Counter(request.sources).most_common(1)[0]
    if times > 1:
        raise UsageError(f"{source} is named twice; a system is held against others")
    if len(stored) == len(request.sources) and request.options != parse_options():
        raise UsageError(
            "folders of scores are compared as they were scored; with other metrics or choices, "
            f"score them again first: `digest eval rescore {stored[0]} --output NEW`"
        )


def gather_two(request: Request, *, progress: Progress) -> tuple[Entrant, ...]:
    """Return a baseline and a candidate, where each source has to be one system.

    Raises:
        UsageError: a source has several, or none.
    """
    found = gather(request, progress=progress)
    if len(found) != len(request.sources):
        names = ", ".join(entrant.name for entrant in found)
        raise UsageError(
            f"a gate takes one system on either side, got {names}; give a folder of scores or a "
            "file of predictions of each alone"
        )
    return found


def write_comparison(comparison: Comparison, output: Path) -> None:
    """Write `comparison.json` into a folder.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}") from error
    write_atomically(output / COMPARISON, encode(comparison) + "\n")


def write_corpus(entrants: Sequence[Entrant], request: Request) -> Path:
    """Write the examples of a comparison to `output/corpus.jsonl` and return the path.

    Raises:
        UsageError: the corpus cannot be found.
        NotComparableError: it has changed since.
    """
    folder = Path(entrants[0].source)
    summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    row = next(row for row in summary["corpora"] if row["name"] == entrants[0].corpus)
    examples = examples_of(row, instead=request.corpus)
    path = request.output / CORPUS
    request.output.mkdir(parents=True, exist_ok=True)
    write_atomically(
        path, "".join(json.dumps(asdict(e), ensure_ascii=False) + "\n" for e in examples)
    )
    return path


def _wanted(found: Sequence[Entrant], *, drafts: bool) -> list[Entrant]:
    """Return a source's systems, of run folders either the drafts or what was published."""
    names = {entrant.name for entrant in found}
    if drafts:
        return [entrant for entrant in found if entrant.name + DRAFT not in names]
    return [
        entrant
        for entrant in found
        if not (entrant.name.endswith(DRAFT) and entrant.name.removesuffix(DRAFT) in names)
    ]


def _told_apart(found: Sequence[Entrant]) -> tuple[Entrant, ...]:
    """Return the entrants, each under a name of its own: with its folder where names repeat."""
    for called in (lambda e: e.name, _with_folder, _with_path):
        counted = Counter(called(entrant) for entrant in found)
        if max(counted.values(), default=1) == 1:
            break
    return tuple(replace(entrant, name=called(entrant)) for entrant in found)


def _with_folder(entrant: Entrant) -> str:
    return f"{Path(entrant.source).name}/{entrant.name}"


def _with_path(entrant: Entrant) -> str:
    return f"{entrant.source}/{entrant.name}"


def _files(sources: Sequence[str], request: Request, progress: Progress) -> dict[str, Path]:
    """Return the file of predictions of each source; configurations write theirs first.

    Raises:
        UsageError: there is no corpus, or a source is no file.
    """
    for source in sources:
        if not Path(source).is_file():
            raise UsageError(
                f"{source} is no folder of scores, no finished run, no configuration (.yaml) and "
                "no file of predictions"
            )
    if request.corpus is None:
        raise UsageError(f"{sources[0]} has to be scored: give the --corpus it is about")
    examples = read_corpus(request.corpus)
    stems = Counter(Path(source).stem for source in sources)
    files = {}
    for source in sources:
        path = Path(source)
        if path.suffix in _YAML:
            name = path.stem if stems[path.stem] == 1 else source
            files[source] = _generated(path, name, examples, request.output, progress)
        else:
            files[source] = path
    return files


def _generated(
    path: Path, name: str, examples: Sequence[Example], output: Path, progress: Progress
) -> Path:
    """Return the outputs of a configuration, in a file that is named after all that decides."""
    config = load_config(path)
    corpus = corpus_sha256(sorted((e.id, fingerprint(e)) for e in examples))
    file = output / "predictions" / f"{path.stem}-{config.sha256[:8]}-{corpus[:8]}.jsonl"
    write_outputs(config, examples, file, run=name, progress=progress)
    return file
