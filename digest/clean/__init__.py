"""Cleaning: a `RawArticle` becomes an `Article`, or a `Dropped` that says why not."""

from __future__ import annotations

from digest.clean.article import clean

__all__ = ["clean"]
