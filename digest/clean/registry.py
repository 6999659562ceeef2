"""All cleaners, in the order in which they run. A new one goes here and nowhere else."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from digest.clean.boilerplate import drop_bylines, drop_credits, drop_notices, drop_prompts
from digest.clean.characters import (
    drop_hidden_characters,
    fix_encoding,
    fix_spaces,
    join_doubled_quotes,
    split_glued,
    unescape_entities,
)
from digest.clean.datelines import drop_date_lines, strip_colon_dateline, strip_dateline
from digest.clean.fragments import (
    drop_first_person,
    drop_orphans,
    drop_spliced_sentences,
    drop_unfinished_attributions,
)
from digest.clean.headings import drop_headings, tidy_title
from digest.clean.injection import quarantine_instructions
from digest.clean.markup import (
    drop_front_matter,
    drop_hidden_markup,
    strip_links,
    strip_markdown,
    strip_special_tokens,
    strip_tags,
)
from digest.clean.quotations import close_running_quotes, drop_unbalanced_quotes
from digest.clean.repeats import drop_repeated_paragraphs, drop_repeated_sentences
from digest.clean.turns import quarantine_turns
from digest.clean.widgets import drop_widgets

if TYPE_CHECKING:
    from digest.clean.page import LineCleaner, PageCleaner

# First what hides the text, since every later cleaner reads words.
DECODE: tuple[LineCleaner, ...] = (
    fix_encoding,
    unescape_entities,
    drop_hidden_characters,
    drop_hidden_markup,
)
FRONT: tuple[PageCleaner, ...] = (drop_front_matter, quarantine_turns)
PLAIN: tuple[LineCleaner, ...] = (
    strip_tags,
    strip_links,
    drop_widgets,
    quarantine_instructions,
    strip_special_tokens,
    join_doubled_quotes,
    fix_spaces,
    split_glued,
)
# While markdown's marks still tell a heading from a sentence.
SURROUNDINGS: tuple[LineCleaner, ...] = (
    drop_prompts,
    drop_notices,
    drop_credits,
    drop_bylines,
    drop_date_lines,
)
STRUCTURE: tuple[PageCleaner, ...] = (drop_headings, strip_colon_dateline)
PROSE: tuple[LineCleaner, ...] = (strip_markdown, strip_dateline, fix_spaces)
REPEATS: tuple[PageCleaner, ...] = (
    drop_repeated_paragraphs,
    close_running_quotes,
    drop_unbalanced_quotes,
)
SENTENCES: tuple[LineCleaner, ...] = (drop_spliced_sentences, drop_orphans)
LEFTOVERS: tuple[PageCleaner, ...] = (
    drop_unfinished_attributions,
    drop_first_person,
    drop_repeated_sentences,
)

# What these remove is reported as `Quarantined`.
QUARANTINING = frozenset({quarantine_instructions.__name__, quarantine_turns.__name__})

TITLE: tuple[LineCleaner, ...] = (
    *DECODE,
    *PLAIN,
    strip_markdown,
    strip_dateline,
    tidy_title,
    fix_spaces,
)


def clean_title(text: str) -> str:
    """Return a title after the cleaners for titles.

    >>> clean_title("**Talks &amp; votes** | Union Observer")
    'Talks & votes'
    """
    return reduce(lambda line, cleaner: cleaner(line), TITLE, text)
