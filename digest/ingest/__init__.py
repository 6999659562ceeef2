"""Sources to raw articles: files, tables, feeds, pages and datasets, each item read or recorded."""

from digest.ingest.inputs import Ingested, ingest

__all__ = ["Ingested", "ingest"]
