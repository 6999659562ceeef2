"""How several documents become one encoder input: prefix, separators, global attention."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from digest.errors import BackendError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import torch

# PRIMERA (Xiao et al. 2022) puts it after every document and attends from it to everything.
_OWN_SEPARATORS: Final = ("<doc-sep>",)
# Tokens that were added to a vocabulary may be plain words; markers have brackets or bars.
_MARKER: Final = re.compile(r"[<>\[\]{}|]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The tokens around and between documents.

    `anchor` is the separator's id where the model has one for documents: it then follows each
    document, the last one too. Other separators stand between documents only.
    """

    before: tuple[int, ...]
    separator: tuple[int, ...]
    after: tuple[int, ...]
    anchor: int | None

    def join(self, documents: Sequence[Sequence[int]]) -> list[int]:
        """Return the input: every document whole, in order."""
        joined = list(self.before)
        for number, document in enumerate(documents, start=1):
            joined.extend(document)
            if self.anchor is not None or number < len(documents):
                joined.extend(self.separator)
        return [*joined, *self.after]

    def overhead(self, documents: int) -> int:
        """Return how many tokens an input of so many documents has beside them."""
        return len(self.join([[]] * documents))


def layout_of(tokenizer: Any, *, prefix: str, separator: str | None) -> Layout:  # noqa: ANN401 - transformers has a class for each architecture
    """Return how a model's inputs are laid out.

    Args:
        tokenizer: the model's own.
        prefix: stands before the first document; its last space goes to the document, as words
            carry the space before them.
        separator: None for the model's own document separator, a new line where it has none.
    """
    front, back = _frame(tokenizer)
    own = next((token for token in _OWN_SEPARATORS if _known(tokenizer, token)), None)
    text = (own or "\n") if separator is None else separator
    anchor = tokenizer.convert_tokens_to_ids(text.strip()) if _known(tokenizer, text) else None
    between = (anchor,) if anchor is not None else tuple(encode(tokenizer, text))
    return Layout(
        before=(*front, *encode(tokenizer, prefix.rstrip())),
        separator=between,
        after=back,
        anchor=anchor,
    )


def encode(tokenizer: Any, text: str) -> list[int]:  # noqa: ANN401 - as above
    """Return a text's ids without special tokens around it."""
    return list(tokenizer(text, add_special_tokens=False)["input_ids"]) if text else []


def encode_documents(tokenizer: Any, documents: Sequence[str], *, prefix: str) -> list[list[int]]:  # noqa: ANN401 - as above
    """Return the ids of each document.

    Raises:
        BackendError: there is no text, or a document holds one of the model's control tokens.
    """
    texts = [document for document in documents if document.strip()]
    if not texts:
        raise BackendError("there is no text to summarize: every document is empty")
    space = prefix[len(prefix.rstrip()) :]
    encoded = [encode(tokenizer, text) for text in (space + texts[0], *texts[1:])]
    refuse_controls(tokenizer, (token for ids in encoded for token in ids))
    return encoded


def refuse_controls(tokenizer: Any, ids: Iterable[int]) -> None:  # noqa: ANN401 - as above
    """Refuse text that became a control token: "</s>" in an article would end the input there.

    Raises:
        BackendError: one of the ids steers the model.
    """
    found = control_ids(tokenizer).intersection(ids)
    if found:
        tokens = ", ".join(sorted(tokenizer.convert_ids_to_tokens(sorted(found))))
        raise BackendError(
            f"a document holds {tokens}, which this model would obey as control tokens; take them"
            " out of the text (`special_tokens` of the generator lists all)"
        )


def control_tokens(tokenizer: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    """Return every token that steers the model and can be written as text, sorted."""
    added = (token for token in tokenizer.get_added_vocab() if _MARKER.search(token))
    return tuple(sorted({*map(str, tokenizer.all_special_tokens), *added}))


def control_ids(tokenizer: Any) -> frozenset[int]:  # noqa: ANN401 - as above
    """Return the ids of those that no plain word can be, but for the one of unknown words."""
    markers = [token for token in control_tokens(tokenizer) if _MARKER.search(token)]
    ids = set(tokenizer.convert_tokens_to_ids(markers))
    return frozenset(ids - {tokenizer.unk_token_id, None})


def global_attention(ids: torch.Tensor, mask: torch.Tensor, *, anchor: int | None) -> torch.Tensor:
    """Return the global attention of LED: the first token and every document separator.

    Built from padded ids, as padding a finished mask raises.

    Args:
        ids: padded inputs, shape (rows, columns).
        mask: their attention mask.
        anchor: the separator's id, None where the model has none.
    """
    attention = mask.new_zeros(mask.shape)
    attention[:, 0] = 1
    if anchor is not None:
        attention[ids == anchor] = 1
    return attention * mask


def _frame(tokenizer: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:  # noqa: ANN401 - as above
    """Return what a tokenizer puts before and after a text."""
    bare = encode(tokenizer, "a")
    framed = list(tokenizer("a")["input_ids"])
    start = next(i for i in range(len(framed)) if framed[i : i + len(bare)] == bare)
    return tuple(framed[:start]), tuple(framed[start + len(bare) :])


def _known(tokenizer: Any, text: str) -> bool:  # noqa: ANN401 - as above
    """Tell whether a text is one marker of the vocabulary."""
    token = text.strip()
    return bool(_MARKER.search(token)) and token in tokenizer.get_added_vocab()
