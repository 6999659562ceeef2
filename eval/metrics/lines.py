"""Texts as lines, one sentence each: the unit of rougeLsum and of redundancy."""

from __future__ import annotations

import re

from digest.text.sentences import SPLITTER, sentence_spans

# Lines of the text count as its sentences; a text of one line is split.
SENTENCES = f"lines-else-{SPLITTER}"

# PEGASUS prints <n> for a line break, BertSum's outputs <q>, Multi-News data <doc-sep>.
_MARKS = re.compile(r"\s*(?:<n>|<q>|<doc-sep>)\s*")


def without_marks(text: str) -> str:
    r"""Return a text with the line marks of other systems turned into line breaks.

    >>> without_marks("One.<n>Two. <q> Three.")
    'One.\nTwo.\nThree.'
    """
    return _MARKS.sub("\n", text).strip()


def sentences(text: str) -> list[str]:
    r"""Return the lines of a text, or for a single line what the pipeline's splitter finds.

    >>> sentences("One came. Two left."), sentences("One came. Two left.\nThree.")
    (['One came.', 'Two left.'], ['One came. Two left.', 'Three.'])
    """
    plain = without_marks(text)
    if "\n" not in plain:
        plain = one_per_line(plain)
    return [line.strip() for line in plain.split("\n") if line.strip()]


def one_per_line(text: str) -> str:
    r"""Return a text with each sentence of each paragraph on a line of its own.

    >>> one_per_line("One came. Two left.\n\nThree.")
    'One came.\nTwo left.\nThree.'
    """
    return "\n".join(
        paragraph[span.start : span.end]
        for paragraph in without_marks(text).split("\n")
        for span in sentence_spans(paragraph)
    )
