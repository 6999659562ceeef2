"""A briefing as one HTML file that needs nothing else: no network, no other file, no script even.

`page.html` is the text, the `.css` files its looks, `page.js` the card that a citation opens. The
page's content security policy names the hashes of exactly these styles and this script, so nothing
that a source smuggled into its text could run, even if the escaping had a hole.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

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
    policy = "; ".join(
        [
            "default-src 'none'",
            f"style-src '{_digest(css)}'",
            f"script-src '{_digest(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    text = _template().render(
        page=build_page(briefing),
        css=_trusted(css),
        script=_trusted(script),
        policy=policy,
        status_labels=_STATUS_LABELS,
        news_labels=_NEWS_LABELS,
    )
    return text.rstrip("\n") + "\n"


def _digest(content: str) -> str:
    """Return the hash of an inline element as content security policies write it."""
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"


def _trusted(content: str) -> str:
    """Exempt one of this package's own files from escaping: its bytes must stay the hashed ones."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with jinja2, which is lazy here

    return Markup(content)  # noqa: S704 - a packaged file, never text from a source


@lru_cache(maxsize=1)
def _template() -> Template:
    import jinja2  # noqa: PLC0415 - 0.1 s, and most commands render no HTML

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_asset("page.html"))


def _asset(name: str) -> str:
    return files("digest.render").joinpath(name).read_text(encoding="utf-8")
