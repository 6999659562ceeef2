"""Load a model from a folder, whole and ready to predict, or say what is missing.

Nothing is downloaded unless it is asked for, and no code of a model folder is run.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from digest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BATCH: Final = 16
# Models whose configuration states no length: what BERT can read.
_USUAL_LIMIT: Final = 512
_HASHED: Final = ("*.json", "*.safetensors", "*.bin", "*.txt", "*.model")

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A model ready to run.

    `name` is the folder's or the hub's name, `revision` the commit on the hub or a hash of the
    folder's files, `limit` the tokens it can read at once, special tokens included.
    """

    name: str
    revision: str
    limit: int
    device: str
    model: Any
    tokenizer: Any

    @property
    def signature(self) -> str:
        """Return `name@revision`, the revision cut to twelve digits."""
        return f"{self.name}@{self.revision[:12]}"


def load(
    model_path: str | Path,
    *,
    kind: Literal["classifier", "encoder"],
    device: str,
    revision: str | None,
    allow_download: bool,
) -> Loaded:
    """Load a model and its tokenizer in 32-bit floats, ready to predict.

    Raises:
        UsageError: it is not here, has no fast tokenizer or padding token, or weights are missing:
            a classifier made of a bare encoder would answer at random.
    """
    import transformers  # noqa: PLC0415 - 0.9 s

    path = str(model_path)
    head = {
        "classifier": transformers.AutoModelForSequenceClassification,
        "encoder": transformers.AutoModel,
    }[kind]
    options = {"local_files_only": not allow_download, "revision": revision or "main"}
    try:
        with _quiet():
            tokenizer: Any = transformers.AutoTokenizer.from_pretrained(path, **options)
            model, report = head.from_pretrained(
                path, dtype="float32", output_loading_info=True, **options
            )
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise UsageError(_missing(path, error, allow_download=allow_download)) from error
    _check(path, tokenizer, sorted(report["missing_keys"]), kind)
    folder = Path(path)
    commit = getattr(model.config, "_commit_hash", None)
    return Loaded(
        name=folder.resolve().name if folder.is_dir() else path,
        revision=_folder_hash(folder) if folder.is_dir() else str(commit or "unknown"),
        limit=_limit(model, tokenizer),
        device=device,
        model=model.to(device).eval(),
        tokenizer=tokenizer,
    )


def _missing(path: str, error: Exception, *, allow_download: bool) -> str:
    way = "" if allow_download else ", or allow the download of a name on the hub"
    said = str(error).strip().split("\n", 1)[0]
    return (
        f"{path}: no model to load here ({said}); "
        f"name a folder with config.json, weights and tokenizer{way}"
    )


def _check(path: str, tokenizer: Any, missing: Sequence[str], kind: str) -> None:  # noqa: ANN401 - any tokenizer
    # An encoder's pooler is never used here; a classifier's decides.
    needed = [key for key in missing if kind == "classifier" or "pooler" not in key]
    if needed:
        raise UsageError(
            f"{path}: the checkpoint lacks {len(needed)} weights of a {kind}, first {needed[0]}; "
            "they would be random. Name a model that was trained for it"
        )
    if not tokenizer.is_fast or tokenizer.pad_token_id is None:
        raise UsageError(f"{path}: the tokenizer must be a fast one with a padding token")


def _limit(model: Any, tokenizer: Any) -> int:  # noqa: ANN401 - any model
    """Return how many tokens a model reads: what its configuration says, not its tokenizer.

    `model_max_length` is 1e30 where nobody set it. RoBERTa counts positions from behind the padding
    index, so that 514 of them are 512 tokens.
    """
    limits = [int(tokenizer.model_max_length)]
    stated = getattr(model.config, "max_position_embeddings", None)
    table = getattr(getattr(model.base_model, "embeddings", None), "position_embeddings", None)
    padding = getattr(table, "padding_idx", None)
    if isinstance(stated, int) and stated > 0:
        limits.append(stated - (0 if padding is None else padding + 1))
    elif limits[0] > 1_000_000:
        limits = [_USUAL_LIMIT]
    return min(limits)


def _folder_hash(folder: Path) -> str:
    """Return the hash of a model folder's names and contents."""
    found = hashlib.sha256()
    for path in sorted({path for pattern in _HASHED for path in folder.glob(pattern)}):
        with path.open("rb") as handle:
            found.update(
                f"{path.name} {hashlib.file_digest(handle, 'sha256').hexdigest()}\n".encode()
            )
    return found.hexdigest()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers from drawing progress bars while it loads."""
    from transformers.utils import logging  # noqa: PLC0415 - 0.9 s

    bars: Any = logging  # its functions have no types
    shown = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            bars.enable_progress_bar()


def batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Yield runs of `size` items, the last one shorter.

    >>> list(batches("abcde", 2))
    ['ab', 'cd', 'e']
    """
    for start in range(0, len(items), size):
        yield items[start : start + size]
