"""Answers kept for conditional GET: one file per URL, replaced in one step."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A page as it was answered, and the validators that came with it."""

    body: bytes
    content_type: str
    etag: str
    last_modified: str


class PageCache:
    """A folder of answers. A broken or unwritable one is the same as none: pages are read anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, url: str) -> Kept | None:
        """Return what was kept for `url`, None where nothing usable was."""
        try:
            head, _, body = self._path(url).read_bytes().partition(b"\n")
            kept = json.loads(head)
            if kept["url"] != url or kept["sha256"] != hashlib.sha256(body).hexdigest():
                return None
            return Kept(
                body=body,
                content_type=str(kept["content_type"]),
                etag=str(kept["etag"]),
                last_modified=str(kept["last_modified"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, url: str, kept: Kept) -> None:
        """Keep an answer if it can be asked about again, that is, came with a validator."""
        if not kept.etag and not kept.last_modified:
            return
        head = {
            "url": url,
            "sha256": hashlib.sha256(kept.body).hexdigest(),
            "content_type": kept.content_type,
            "etag": kept.etag,
            "last_modified": kept.last_modified,
        }
        with suppress(OSError):  # a full disk must not lose the page that was just read
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(json.dumps(head).encode() + b"\n" + kept.body)
                Path(name).replace(self._path(url))
            except OSError:
                Path(name).unlink(missing_ok=True)

    def _path(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()}.page"
