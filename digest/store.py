"""The run folder: each stage's records on disk, atomically, the manifest last."""

from __future__ import annotations

import json
import os
import shutil
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from digest.errors import UsageError
from digest.records import CitedSentence, Cluster, Draft, Link, Section, Withheld

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from digest.records import Article, Facts

T = TypeVar("T")

MANIFEST = "manifest.json"
HEADER = "run.json"


_adapter: Callable[[type], TypeAdapter[Any]] = cache(TypeAdapter)


def encode(record: object) -> str:
    """Return one record as a line of JSON, keys in field order."""
    return str(_adapter(type(record)).dump_json(record).decode())


def decode(record: type[T], line: str) -> T:
    """Return the record that `encode` wrote."""
    found: T = _adapter(record).validate_json(line)
    return found


def write_atomically(path: Path, text: str) -> None:
    """Replace a file's content; a reader sees the old or the new, never a part."""
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)


class RunFolder:
    """A run being written beside its destination, which it replaces when it is finished.

    Until then the destination keeps the last good run. What is written already is found again by
    a resumed run with the same key.
    """

    def __init__(self, destination: Path) -> None:
        """Name the destination; nothing is touched yet."""
        self.destination = destination
        self.path = destination.with_name(f"{destination.name}.partial")
        self._previous = destination.with_name(f"{destination.name}.previous")

    def open(self, header: dict[str, Any], *, resume: bool) -> dict[str, Any]:
        """Start, or go on with, the run of this key and return its header.

        Raises:
            UsageError: there is no run to resume, the unfinished run is another one, or the
                destination holds something that is no run.
        """
        if self._previous.exists() and not self.destination.exists():
            self._previous.rename(self.destination)  # killed between the two renames of `publish`
        occupied = self.destination.exists() and not (self.destination / MANIFEST).exists()
        if occupied and (self.destination.is_file() or any(self.destination.iterdir())):
            raise UsageError(f"{self.destination} is not a run folder; choose another --output")
        if resume and (self.path / HEADER).exists():
            found: dict[str, Any] = json.loads((self.path / HEADER).read_text(encoding="utf-8"))
            if found["key"] != header["key"]:
                raise UsageError(
                    f"{self.path} was begun with another configuration or other inputs; "
                    "run without --resume to start over"
                )
            return found
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True)
        self.write(HEADER, json.dumps(header, indent=1, sort_keys=True))
        return header

    def write(self, name: str, text: str) -> None:
        """Write one file of the run atomically; it ends with one newline."""
        write_atomically(self.path / name, text.rstrip("\n") + "\n" if text else "")

    def put(self, name: str, text: str) -> None:
        """Write a finished stage's file."""
        self.write(name, text)

    def read(self, name: str) -> str:
        """Return a file of the run."""
        return (self.path / name).read_text(encoding="utf-8")

    def find(self, name: str) -> str | None:
        """Return a file of the run, None where it was not written yet."""
        return self.read(name) if (self.path / name).exists() else None

    def keep(
        self,
        name: str,
        compute: Callable[[], T],
        dump: Callable[[T], str],
        load: Callable[[str], T],
    ) -> T:
        """Return a stage's result, from its file where a resumed run has it already."""
        found = self.find(name)
        if found is not None:
            return load(found)
        result = compute()
        self.write(name, dump(result))
        return result

    def append(self, name: str, record: object) -> None:
        """Add one record for good: it is on disk when this returns."""
        with (self.path / name).open("a", encoding="utf-8", newline="\n") as handle:
            handle.write(encode(record) + "\n")
            handle.flush()
            os.fsync(handle.fileno())

    def appended(self, name: str, record: type[T]) -> list[T]:
        """Return the records appended so far; a line that a kill left unfinished is cut off."""
        text = self.find(name) or ""
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            write_atomically(self.path / name, whole)
        return list(load_records(record, whole))

    def publish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest and put the run in the place of its destination."""
        (self.path / HEADER).unlink(missing_ok=True)
        self.write(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False))
        shutil.rmtree(self._previous, ignore_errors=True)
        if self.destination.exists():
            self.destination.rename(self._previous)
        self.path.rename(self.destination)
        shutil.rmtree(self._previous, ignore_errors=True)


class MemoryDesk:
    """A desk without a folder: nothing is kept, everything is computed."""

    def put(self, name: str, text: str) -> None:
        """Keep nothing."""

    def find(self, name: str) -> str | None:  # noqa: ARG002 - there is nothing to find
        """Return None: nothing is kept."""
        return None

    def keep(
        self,
        name: str,  # noqa: ARG002 - nothing is kept
        compute: Callable[[], T],
        dump: Callable[[T], str],  # noqa: ARG002 - as above
        load: Callable[[str], T],  # noqa: ARG002 - as above
    ) -> T:
        """Return what is computed."""
        return compute()

    def append(self, name: str, record: object) -> None:
        """Keep nothing."""

    def appended(self, name: str, record: type[T]) -> list[T]:  # noqa: ARG002 - as above
        """Return nothing: nothing is kept."""
        return []


def dump_records(records: Iterable[object]) -> str:
    """Return records as JSON lines."""
    return "".join(f"{encode(record)}\n" for record in records)


def load_records(record: type[T], text: str) -> tuple[T, ...]:
    """Return the records of JSON lines.

    Raises:
        UsageError: a line is no such record; the message says which.
    """
    found: list[T] = []
    # Not splitlines: a text may hold U+2028, which JSON leaves as it is.
    for number, line in enumerate(filter(None, text.split("\n")), 1):
        try:
            found.append(decode(record, line))
        except ValidationError as error:
            raise UsageError(f"line {number} is no {record.__name__}: {error}") from error
    return tuple(found)


def dump_clusters(clusters: Sequence[Cluster]) -> str:
    """Return clusters as JSON lines in which articles are named by id."""
    return "\n".join(
        json.dumps(
            {
                "id": cluster.id,
                "given": cluster.given,
                "article_ids": [article.id for article in cluster.articles],
                "independent": cluster.independent,
                "superseded_ids": [article.id for article in cluster.superseded],
                "links": [json.loads(encode(link)) for link in cluster.links],
            },
            ensure_ascii=False,
        )
        for cluster in clusters
    )


def load_clusters(text: str, articles: Sequence[Article]) -> tuple[Cluster, ...]:
    """Return the clusters that `dump_clusters` wrote, their articles taken from `articles`."""
    by_id = {article.id: article for article in articles}
    return tuple(
        Cluster(
            id=row["id"],
            given=row["given"],
            articles=tuple(by_id[name] for name in row["article_ids"]),
            independent=tuple(row["independent"]),
            superseded=tuple(by_id[name] for name in row["superseded_ids"]),
            links=tuple(decode(Link, json.dumps(link)) for link in row["links"]),
        )
        for row in map(json.loads, filter(None, text.split("\n")))
    )


def dump_draft(draft: Draft) -> str:
    """Return a draft as JSON; clusters and facts are named by the section's id."""
    sections = [
        {
            "id": section.id,
            "backend": section.backend,
            "headline": section.headline,
            "sentences": [json.loads(encode(sentence)) for sentence in section.sentences],
        }
        for section in draft.sections
    ]
    withheld = [json.loads(encode(item)) for item in draft.withheld]
    return json.dumps({"sections": sections, "withheld": withheld}, indent=1, ensure_ascii=False)


def load_draft(text: str, clusters: Sequence[Cluster], facts: Sequence[Facts]) -> Draft:
    """Return the draft that `dump_draft` wrote."""
    data = json.loads(text)
    by_cluster = {cluster.id: cluster for cluster in clusters}
    by_facts = {found.cluster_id: found for found in facts}
    return Draft(
        sections=tuple(
            Section(
                id=row["id"],
                backend=row["backend"],
                headline=row["headline"],
                sentences=tuple(decode(CitedSentence, json.dumps(s)) for s in row["sentences"]),
                cluster=by_cluster[row["id"]],
                facts=by_facts[row["id"]],
            )
            for row in data["sections"]
        ),
        withheld=tuple(decode(Withheld, json.dumps(row)) for row in data["withheld"]),
    )
