"""A briefing as one HTML file that needs nothing else: no network, no other file, no script even.

`page.html` is the text, the `.css` files its looks, `page.js` the card that a citation opens. The
page's content security policy names the hashes of exactly these styles and this script, so nothing
that a source smuggled into its text could run, even if the escaping had a hole.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from digest.render.inline import content_policy, page_environment, trusted
from digest.render.view import build_page

if TYPE_CHECKING:
    from jinja2 import Template

    from digest.records import Briefing

_STYLES = ("page.css", "parts.css", "card.css", "print.css")
_STATUS_LABELS = {"repaired": "repaired", "extractive": "verbatim"}
_NEWS_LABELS = {"new": "New", "updated": "Updated", "carried": "Told before:"}


def to_html(briefing: Briefing) -> str:
    """Return the briefing as a complete HTML document, ending with one newline.

    Without JavaScript a citation is a link to its source, where the cited sentences stand; with
    it, the same sentences open in a card beside the citation.
    """
    css = "\n".join(_asset(name) for name in _STYLES)
    script = _asset("page.js")
    text = _template().render(
        page=build_page(briefing),
        css=trusted(css),
        script=trusted(script),
        policy=content_policy(css=css, script=script),
        status_labels=_STATUS_LABELS,
        news_labels=_NEWS_LABELS,
    )
    return text.rstrip("\n") + "\n"


@lru_cache(maxsize=1)
def _template() -> Template:
    return page_environment().from_string(_asset("page.html"))


def _asset(name: str) -> str:
    return files("digest.render").joinpath(name).read_text(encoding="utf-8")
