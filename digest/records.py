"""The records that flow through a run: frozen, keyword-only, typed.

A type is a promise: only `digest.clean` makes an `Article`, only `digest.verify` a `Briefing`.
All offsets are code points, end exclusive. A `Span` named `original` indexes `RawArticle.text`,
every other one indexes `Article.text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The stages that may drop a record."""

    INGEST = "ingest"
    CLEAN = "clean"
    DEDUP = "dedup"
    CLUSTER = "cluster"


class DropReason(StrEnum):
    """Why an input did not become part of the briefing: a closed list."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    BINARY = "binary"
    TOO_LARGE = "too_large"
    TOO_SHORT = "too_short"
    WRONG_LANGUAGE = "wrong_language"
    UNSUPPORTED_TYPE = "unsupported_type"
    MALFORMED_ROW = "malformed_row"
    FETCH_REFUSED = "fetch_refused"
    FETCH_FAILED = "fetch_failed"
    EXACT_DUPLICATE = "exact_duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    OLDER_REVISION = "older_revision"
    SMALL_CLUSTER = "small_cluster"


class Label(StrEnum):
    """What a mention names."""

    PERSON = "PERSON"
    ORG = "ORG"
    PLACE = "PLACE"
    NORP = "NORP"
    EVENT = "EVENT"
    NUMBER = "NUMBER"
    DATE = "DATE"
    MONEY = "MONEY"
    PERCENT = "PERCENT"
    QUOTE = "QUOTE"


class Support(StrEnum):
    """How a mention is found in a text; the order is the order of strength."""

    VERBATIM = "verbatim"
    NORMALISED = "normalised"
    ALIAS = "alias"
    NONE = "none"


class ConflictKind(StrEnum):
    """Why sources give different values for one slot."""

    UPDATE = "update"
    ROUNDING = "rounding"
    SCOPE = "scope"
    DISPUTE = "dispute"


class Status(StrEnum):
    """What the guard did with a published sentence."""

    KEPT = "kept"
    RECITED = "recited"
    REPAIRED = "repaired"
    EXTRACTIVE = "extractive"


class WithheldReason(StrEnum):
    """Why a sentence was not published: a closed list."""

    UNSUPPORTED_ENTITY = "unsupported_entity"
    UNSUPPORTED_NUMBER = "unsupported_number"
    MISQUOTE = "misquote"
    UNSUPPORTED_CLAIM = "unsupported_claim"
    FRAGMENT = "fragment"
    REPETITION = "repetition"
    TOO_LONG = "too_long"
    INJECTION = "injection"
    LEAKED_REASONING = "leaked_reasoning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of text, `start` inclusive, `end` exclusive, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RawArticle:
    """One text as it was read: nothing removed, nothing repaired.

    `text` is the readable text (for HTML, what the extractor found); `sha256` is of the bytes read.
    `published` is an ISO 8601 string or None. `cluster` is the given cluster or None.
    """

    id: str
    source: str
    text: str
    sha256: str
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: str | None = None
    cluster: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """An input that went no further. `article_id` names the source where no article was made."""

    article_id: str
    stage: Stage
    reason: DropReason
    detail: str = ""
    duplicate_of: str | None = None
    similarity: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One thing a cleaner changed: `original` is where, in `RawArticle.text`."""

    cleaner: str
    original: Span
    removed: str
    inserted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a cleaned article: its span, its paragraph (0-based), its text."""

    start: int
    end: int
    paragraph: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPiece:
    """`length` code points at `clean` in the cleaned text stand at `original` in the raw text."""

    clean: int
    original: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """Text that looks like an instruction to a model: reported, never summarized, never printed."""

    article_id: str
    text: str
    original: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A cleaned article. Only `digest.clean` makes one.

    `pieces` maps the cleaned text to the raw text, ascending and without overlap in `clean`.
    `agency` is the wire agency the text itself names, None where it names none.
    `original_text` is the raw text, so that a citation can be shown where it stood.
    """

    id: str
    title: str
    text: str
    sentences: tuple[Sentence, ...]
    original_text: str
    pieces: tuple[MapPiece, ...]
    edits: tuple[Edit, ...]
    quarantined: tuple[Quarantined, ...]
    source: str
    sha256: str
    language: str
    publisher: str | None = None
    agency: str | None = None
    url: str | None = None
    published: str | None = None
    given_cluster: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An older version of a kept article, and what the newer one says otherwise."""

    kept_id: str
    older_id: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Why two articles share a cluster."""

    left_id: str
    right_id: str
    similarity: float
    terms: tuple[str, ...]
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Articles on one event, in reading order.

    `independent` gives for each article the source group it belongs to: articles with one number
    come from one agency or publisher and count as one source.
    """

    id: str
    articles: tuple[Article, ...]
    independent: tuple[int, ...]
    links: tuple[Link, ...] = ()
    given: bool = False
    superseded: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name, number, date or quotation in a text; the span indexes that text."""

    text: str
    label: Label
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Everything in a cluster that names one thing: its spellings and who uses them."""

    name: str
    label: Label
    spellings: tuple[str, ...]
    article_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One source's wording of a fact: a sentence of an article, by index."""

    article_id: str
    sentence: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Sentences of one cluster that say the same.

    `support` counts the independent sources among the variants.
    """

    id: str
    variants: tuple[Variant, ...]
    support: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictValue:
    """One value of a disputed slot, who gives it, and in which sentences."""

    value: str
    article_ids: tuple[str, ...]
    sentences: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One slot for which sources give different values.

    The first value is the one to go by: the newest for an update, the best supported otherwise;
    `settled` is False where no value has more support than another.
    """

    kind: ConflictKind
    slot: str
    values: tuple[ConflictValue, ...]
    settled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the sources of one cluster say.

    `suspect` are sentences whose names or numbers the other sources contradict and nobody repeats:
    they are not used where another wording exists.
    """

    cluster_id: str
    facts: tuple[Fact, ...]
    entities: tuple[Entity, ...]
    conflicts: tuple[Conflict, ...]
    suspect: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySentence:
    """A sentence a backend wrote. `origin` is where it says it took it from: a hint, no proof."""

    text: str
    origin: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Sentences of an article, by index, that did not fit into a model's input."""

    article_id: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WritingReport:
    """How a model wrote one summary.

    Tokens are the model's own and count every call made for the summary: candidates, rounds and
    calls that failed included, those answered from disk apart (`cached`, `cached_input_tokens`,
    `cached_output_tokens`). `generation` are the effective generation settings, as JSON. `removed`
    are the codes of what was cut from its raw text. `failed` counts calls that brought no text,
    `retries` requests that were sent again. `cost` is in the currency of the configured prices,
    None without prices. `estimated` says that the server did not count the tokens. `unkept` says
    why texts could not be kept on disk, None where they could.
    """

    model: str
    revision: str | None
    generation: str
    input_tokens: int
    output_tokens: int
    cached_input_tokens: int = 0
    cached_output_tokens: int = 0
    calls: int = 1
    cached: int = 0
    failed: int = 0
    retries: int = 0
    rounds: int = 1
    candidates: int = 1
    left_out: tuple[LeftOut, ...] = ()
    removed: tuple[str, ...] = ()
    cost: float | None = None
    estimated: bool = False
    unkept: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a backend wrote for one cluster; `report` is of backends that ask a model."""

    cluster_id: str
    backend: str
    headline: str
    sentences: tuple[SummarySentence, ...]
    report: WritingReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a backend is asked to write: at most `max_words` about one cluster."""

    cluster: Cluster
    facts: Facts
    max_words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summarized:
    """A summary, and which backends failed before it with their messages.

    `refused` are the reports of those failures that asked a model: they took tokens, too.
    """

    summary: Summary
    failures: tuple[str, ...]
    refused: tuple[WritingReport, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A span of an article that supports a sentence.

    `start` and `end` index the cleaned text, `original` the raw text; `score` is the share of the
    sentence's content that the span holds, in [0, 1].
    """

    article_id: str
    start: int
    end: int
    quote: str
    original: Span
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSentence:
    """A sentence and the spans that were found to support it, best first."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One cluster's part of the briefing, cited and not yet checked."""

    id: str
    backend: str
    headline: str
    sentences: tuple[CitedSentence, ...]
    cluster: Cluster
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All sections in printing order. `withheld` is what merging had to leave out."""

    sections: tuple[Section, ...]
    withheld: tuple[Withheld, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """Text that was not published, and why."""

    text: str
    reason: WithheldReason
    section_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportedMention:
    """A mention of a published sentence and how its citations support it."""

    text: str
    label: Label
    support: Support


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the guard did with one sentence of the draft."""

    section_id: str
    sentence: str
    action: Status | None
    reason: WithheldReason | None
    unsupported: tuple[str, ...]
    published: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingSentence:
    """A published sentence."""

    text: str
    status: Status
    new: str
    citations: tuple[Citation, ...]
    entities: tuple[SupportedMention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingSection:
    """A published section."""

    id: str
    headline: str
    sentences: tuple[BriefingSentence, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An article of the briefing as readers see it."""

    id: str
    title: str
    publisher: str | None
    url: str | None
    published: str | None
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was read and what became of it."""

    articles_read: int
    articles_dropped: int
    independent_sources: int
    articles_cited: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """The product. Only `digest.verify` makes one; renderers take nothing else."""

    created: str
    title: str
    sections: tuple[BriefingSection, ...]
    sources: tuple[Source, ...]
    withheld: tuple[Withheld, ...]
    coverage: Coverage
