"""Checkpoints: what can be known of a model without its weights, and the weights.

A text from the cache needs tokenizer and configuration only, so each piece is read when it is asked
for. A checkpoint is a folder or a name on the hub; code of its own is never run.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from digest.backends.neural.fit import MisfitError, misfit
from digest.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.config import ChatConfig, CTranslate2Config, Seq2SeqConfig

    LocalConfig = Seq2SeqConfig | ChatConfig | CTranslate2Config

# What decides a text. Other frameworks' weights, logs and cards lie in the same folders.
_HASHED: Final = (".safetensors", ".bin", ".json", ".model", ".txt", ".jinja", ".spm")
_DTYPES: Final = {"cpu": "float32", "cuda": "bfloat16", "mps": "float16"}
# Sinusoidal positions are computed, not stored; a bias of zeros is left out of old checkpoints.
_COMPUTED: Final = ("embed_positions", "final_logits_bias")


class Checkpoint:
    """One checkpoint, read piece by piece, each piece once."""

    def __init__(self, config: LocalConfig) -> None:
        self._wanted = config

    @property
    def name(self) -> str:
        """The folder or the name on the hub, as `from_pretrained` takes it."""
        path = Path(self._wanted.model).expanduser()
        return str(path) if path.is_dir() else self._wanted.model

    @property
    def folder(self) -> Path | None:
        """The folder, None for a name on the hub."""
        path = Path(self._wanted.model).expanduser()
        return path if path.is_dir() else None

    @property
    def source(self) -> dict[str, Any]:
        """Which version to take, and whether the hub may be asked: for every `from_pretrained`."""
        if self.folder is not None:
            return {"local_files_only": True}
        return {
            "revision": self._wanted.revision or "main",
            "local_files_only": not self._wanted.download,
        }

    @cached_property
    def config(self) -> Any:  # noqa: ANN401 - transformers has a class for each architecture
        """The model's configuration.

        Raises:
            BackendError: there is none, or transformers does not know the architecture.
            MisfitError: this kind of backend cannot run it.
        """
        with self._errors("configuration"):
            from transformers import AutoConfig  # noqa: PLC0415 - 0.9 s

            found = AutoConfig.from_pretrained(self.name, **self.source)
        fault = misfit(
            self._wanted.kind,
            model_type=found.model_type,
            encoder_decoder=bool(found.is_encoder_decoder),
        )
        if fault is not None:
            raise MisfitError(f"{self._wanted.model} cannot be used: {fault}")
        return found

    @cached_property
    def tokenizer(self) -> Any:  # noqa: ANN401 - transformers has a class for each architecture
        """The tokenizer.

        Raises:
            BackendError: there is none, or it needs a library that is not installed.
        """
        wanted = self._vocabulary()
        with self._errors("tokenizer"):
            from transformers import AutoTokenizer  # noqa: PLC0415 - 0.9 s

            tokenizer = AutoTokenizer.from_pretrained(self.name, **self.source)
            # Without its files transformers 5 goes on with a vocabulary of special tokens alone.
            # Models have some rows more than tokens (T5 28, Qwen2 271), never twice as many.
            if len(tokenizer) * 2 < wanted:
                raise ValueError(f"it knows {len(tokenizer)} of the model's {wanted} tokens")
            return tokenizer

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The checkpoint's own generation settings: only token ids are ever taken from them.

        Older checkpoints keep them in config.json, from which transformers 5 drops them in silence.
        """
        with self._errors("generation configuration"):
            from transformers import GenerationConfig, PreTrainedConfig  # noqa: PLC0415 - 0.9 s

            try:
                found: Any = GenerationConfig.from_pretrained(self.name, **self.source)
                return dict(found.to_dict())
            except OSError:
                held, _ = PreTrainedConfig.get_config_dict(self.name, **self.source)
                return dict(held)

    @cached_property
    def revision(self) -> str | None:
        """The commit on the hub, or the SHA-256 of a folder's weights, settings and vocabulary."""
        if self.folder is None:
            commit = getattr(self.config, "_commit_hash", None)
            return commit if isinstance(commit, str) else None
        return hash_folder(self.folder)

    @cached_property
    def device(self) -> str:
        """The device that the configuration asks for: cuda before mps before cpu for "auto".

        Raises:
            BackendError: it asks for one that is not there.
        """
        import torch  # noqa: PLC0415 - 1.7 s

        there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
        wanted = self._wanted.device
        if wanted == "auto":
            return next((name for name, here in there.items() if here), "cpu")
        if not there.get(wanted, True):
            raise BackendError(
                f"device: {wanted} is asked for, but torch {version('torch')} finds none on this"
                " machine; set device: auto, or install a torch that was built for it"
            )
        return wanted

    @property
    def dtype(self) -> str:
        """The type of the weights. transformers' own "auto" would compute in float16 on a CPU."""
        wanted = self._wanted.dtype
        return _DTYPES[self.device] if wanted == "auto" else wanted

    def weights(
        self, architecture: Literal["AutoModelForSeq2SeqLM", "AutoModelForCausalLM"]
    ) -> Any:  # noqa: ANN401 - transformers has a class for each architecture
        """Return the model on its device, ready to generate and without generation defaults.

        Raises:
            BackendError: the weights are missing, incomplete, of another kind, or do not fit.
        """
        device, dtype, config = self.device, self.dtype, self.config
        with self._errors("weights"):
            import torch  # noqa: PLC0415 - 1.7 s
            import transformers  # noqa: PLC0415 - 0.9 s

            model, found = getattr(transformers, architecture).from_pretrained(
                self.name,
                config=config,
                dtype=getattr(torch, dtype),
                output_loading_info=True,
                **self.source,
            )
            lacking = sorted(
                key for key in found["missing_keys"] if not any(c in key for c in _COMPUTED)
            )
            if lacking:  # transformers would go on with random numbers
                raise ValueError(
                    f"{len(lacking)} weights are not in it, {lacking[0]} for one: it was made for"
                    " another task or is damaged"
                )
            untyped: Any = transformers.GenerationConfig
            model.generation_config = untyped()
            return model.to(device).eval()

    def _vocabulary(self) -> int:
        """Return how many tokens the model knows, 0 where it does not say."""
        return int(getattr(self.config.get_text_config(), "vocab_size", 0))

    @contextmanager
    def _errors(self, piece: str) -> Iterator[None]:
        try:
            with quiet():
                yield
        except MemoryError as error:
            raise BackendError(self._said(piece, "it does not fit into memory")) from error
        except Exception as error:  # each architecture and file format fails in its own ways
            raise BackendError(self._said(piece, str(error) or type(error).__name__)) from error

    def _said(self, piece: str, error: str) -> str:
        first = " ".join(error.split())[:400]
        return f"cannot load the {piece} of {self._wanted.model}: {first}; {self._way_out(error)}"

    def _way_out(self, error: str) -> str:
        wanted = self._wanted
        local = wanted.model.startswith((".", "~")) or Path(wanted.model).is_absolute()
        ways = (
            ("memory" in error, "take a smaller model, a smaller dtype or another device"),
            ("pip install" in error, "install what it asks for"),
            (self.folder is not None, "the folder must hold all that save_pretrained writes"),
            (local, "there is no such folder"),
            (
                not wanted.download,
                "it is not complete on this machine: allow download: true, or name a folder",
            ),
        )
        return next(
            (way for applies, way in ways if applies),
            "check name, revision, access and network (`digest check` tells what can be had), or"
            " name a folder",
        )


def hash_folder(folder: Path) -> str:
    """Return the SHA-256 over the names and contents of what decides a model's texts."""
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix in _HASHED:
            with path.open("rb") as handle:
                total.update(
                    f"{path.name}\0{hashlib.file_digest(handle, 'sha256').hexdigest()}\n".encode()
                )
    return total.hexdigest()


def libraries(*names: str) -> dict[str, str]:
    """Return the installed versions of what decides a text."""
    return {name: version(name) for name in names}


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers from writing hints and progress bars to the console meanwhile."""
    from transformers.utils import logging  # noqa: PLC0415 - 0.9 s

    untyped: Any = logging
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(untyped.CRITICAL)
    untyped.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            untyped.enable_progress_bar()
