"""What a configuration writes about a corpus, on disk as soon as it is written."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from digest.errors import UsageError
from eval.predict import predict
from eval.predictions import stream_predictions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from digest.config import Config
    from digest.protocols import Progress
    from eval.records import Example, Prediction


def write_outputs(
    config: Config, examples: Sequence[Example], path: Path, *, run: str, progress: Progress
) -> tuple[Prediction, ...]:
    """Write the outputs of a configuration and return them, going on where it was stopped.

    Until all are there they stand in `NAME.partial`; the finished file is in the order of the
    examples. Who calls sees to it that one path is always about one configuration and one corpus.

    Raises:
        UsageError: the file cannot be written.
    """
    if path.exists():
        return tuple(stream_predictions(str(path)))
    partial = path.with_name(f"{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        done = _begun(partial)
        progress.start(run, len(examples))
        with partial.open("a", encoding="utf-8", newline="\n") as handle:
            for prediction in predict(config, [e for e in examples if e.id not in done], run=run):
                done[prediction.id] = _line(prediction)
                handle.write(done[prediction.id])
                handle.flush()
                os.fsync(handle.fileno())
                progress.advance(run)
        partial.write_text("".join(done[e.id] for e in examples), encoding="utf-8", newline="\n")
        partial.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    written = tuple(stream_predictions(str(path)))
    empty = sum(prediction.failure is not None for prediction in written)
    progress.finish(run, f"{len(written)} outputs, {empty} empty")
    return written


def _begun(partial: Path) -> dict[str, str]:
    """Return the lines that a stopped run left, by id; a line that a kill cut off is dropped."""
    if not partial.exists():
        return {}
    text = partial.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        partial.write_text(whole, encoding="utf-8", newline="\n")
    return {json.loads(line)["id"]: f"{line}\n" for line in whole.split("\n") if line}


def _line(prediction: Prediction) -> str:
    row: dict[str, Any] = {
        "id": prediction.id,
        "prediction": prediction.prediction,
        "run": prediction.run,
    }
    if prediction.failure:
        row["failure"] = prediction.failure
    return json.dumps(row, ensure_ascii=False) + "\n"
