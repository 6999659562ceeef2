"""Briefing -> str: Markdown, one self-contained HTML file, and the stable JSON."""

from __future__ import annotations

from digest.render.html import to_html
from digest.render.markdown import to_markdown
from digest.render.record import from_json, to_json

__all__ = ["from_json", "to_html", "to_json", "to_markdown"]
