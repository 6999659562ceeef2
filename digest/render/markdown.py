"""A briefing as Markdown, for people and for mail: it reads well before it is rendered too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.render.view import build_page

if TYPE_CHECKING:
    from digest.records import Briefing
    from digest.render.view import Mark, ShownConflict, ShownSection, ShownSentence, ShownSource

# Everything that means something inside a CommonMark or GFM line; `&` only where it would start a
# character reference, so that "AT&T" stays readable in mail.
_SPECIAL = re.compile(r"[\\`*_\[\]<>#~|]|&(?=#|\w+;)")
# What makes a block of the line it opens: list marks, setext underlines, thematic breaks.
_OPENS_BLOCK = re.compile(r"^(?:([-+=])|(\d+)([.)]))")
_NEWS = {"new": "*New:* ", "updated": "*Updated:* ", "carried": "", None: ""}


def to_markdown(briefing: Briefing) -> str:
    """Return the briefing as CommonMark without raw HTML, ending with one newline.

    Marks like `[1]` refer to the numbered list of sources at the end; values on which sources
    differ stand in a list under their section.
    """
    page = build_page(briefing)
    blocks = [f"# {escape(page.title)}"]
    if page.created:
        blocks.append(f"*{escape(page.created.words)}*")
    if page.marks_news:
        blocks.append("*What is not marked New or Updated was told in an earlier briefing.*")
    for section in page.sections:
        blocks += _section(section)
    if not page.sections:
        blocks.append("Nothing was fit to publish.")
    if page.numbered or page.unnumbered:
        blocks.append("## Sources")
    if page.numbered:
        blocks.append("\n".join(_source(source) for source in page.numbered))
    if page.unnumbered:
        blocks.append(f"Read and not cited: {'; '.join(_brief(s) for s in page.unnumbered)}.")
    blocks += ["---", " ".join(filter(None, [page.coverage, page.statuses]))]
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    r"""Return a line that Markdown shows as it is: nothing in it is markup, a link or HTML.

    >>> print(escape("1. *Breaking* [news] <b> AT&T"))
    1\. \*Breaking\* \[news\] \<b\> AT&T
    """
    return _OPENS_BLOCK.sub(
        lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}",
        _SPECIAL.sub(r"\\\g<0>", text),
    )


def _section(section: ShownSection) -> list[str]:
    blocks = [f"## {_NEWS[section.new]}{escape(section.headline)}"]
    blocks += [" ".join(map(_sentence, paragraph)) for paragraph in section.paragraphs]
    if section.conflicts:
        blocks.append("### Where the sources differ")
        blocks.append("\n".join(_conflict(conflict) for conflict in section.conflicts))
    return blocks


def _sentence(sentence: ShownSentence) -> str:
    marks = "".join(f" [{mark.number}]" for mark in sentence.marks)
    return f"{_NEWS[sentence.new]}{escape(sentence.text)}{marks}"


def _conflict(conflict: ShownConflict) -> str:
    values = " / ".join(
        f"{escape(value.value)} ({_numbers(value.marks)})" for value in conflict.values
    )
    return f"- {escape(conflict.slot)} ({conflict.note}): {values}"


def _numbers(marks: tuple[Mark, ...]) -> str:
    word = "source" if len(marks) == 1 else "sources"
    return f"{word} {', '.join(str(mark.number) for mark in marks)}"


def _source(source: ShownSource) -> str:
    title = escape(source.title)
    # A reference like `&lt;` is read inside a link's address too.
    url = source.url and re.sub(r"&(?=#|\w+;)", r"\&", source.url)
    parts = [f"[{title}]({url})" if url else title]
    parts += [escape(source.publisher)] if source.publisher else []
    parts += [escape(source.published.words)] if source.published else []
    return f"{source.number}. {', '.join(parts)}"


def _brief(source: ShownSource) -> str:
    title = escape(source.title)
    return f"{title} ({escape(source.publisher)})" if source.publisher else title
