"""Pages that need no other file: styles and script inline, and a policy that allows just these.

The content security policy names the hashes of exactly these styles and this script, so nothing
that a source smuggled into its text could run, even if the escaping had a hole.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import BaseLoader, Environment


def content_policy(*, css: str, script: str) -> str:
    """Return the policy of a page with one inline style and one inline script, and no network."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src '{_digest(css)}'",
            f"script-src '{_digest(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _digest(content: str) -> str:
    """Return the hash of an inline element as content security policies write it."""
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"


def trusted(content: str) -> str:
    """Exempt a packaged file, or what was made from none but such, from escaping."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with jinja2, which is lazy here

    return Markup(content)  # noqa: S704 - the caller's promise


def page_environment(loader: BaseLoader | None = None) -> Environment:
    """Return an environment that escapes everything and refuses names that are not there."""
    import jinja2  # noqa: PLC0415 - 0.1 s, and most commands render no HTML

    return jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=loader,
    )
