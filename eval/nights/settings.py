"""`configs/nightly.yaml`: which configurations on which corpora, and what counts as a loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints

from digest.config import Section, checked, read_mapping
from eval.comparing.settings import CompareConfig, GateConfig
from eval.suite import parse_options

if TYPE_CHECKING:
    from pathlib import Path

    from eval.suite import Options

# They name folders, and `@` stands between a configuration and a corpus.
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]


class ScoringConfig(Section):
    """The options of `digest eval score`."""

    families: tuple[str, ...] = ()
    mref: Literal["best", "mean"] = "best"
    stem: Literal["porter-orig", "porter-nltk", "none"] = "porter-orig"
    tok: Literal["rouge155", "unicode"] = "rouge155"
    extractor: str = "rules"
    nli: str | None = None
    encoder: str | None = None


class TrendConfig(Section):
    """When a series of nights has a step."""

    alpha: float = Field(0.01, gt=0, lt=0.5, description="chance of a false step in a series")
    permutations: int = Field(1_999, ge=199)


class MlflowConfig(Section):
    """Where nights are logged, for those who use MLflow."""

    tracking_uri: str
    experiment: str = "digest"


class NightlyConfig(Section):
    """Everything a night needs. Paths are relative to the file it stands in."""

    schema_version: Literal[1]
    store: str = Field(description="folder that keeps the nights")
    configurations: dict[Name, str] = Field(min_length=1)
    corpora: dict[Name, str] = Field(min_length=1)
    max_words: int | None = Field(None, ge=20, description="in place of summarize.max_words")
    reruns: int = Field(1, ge=0, le=5, description="identical runs that measure the noise")
    timeout_s: float | None = Field(None, gt=0, description="for each configuration and corpus")
    keep_nights: int = Field(30, ge=1, description="older ones go, the pinned ones never")
    html: bool = True
    scoring: ScoringConfig = ScoringConfig()
    compare: CompareConfig = CompareConfig()
    gate: GateConfig = GateConfig()
    trend: TrendConfig = TrendConfig()
    mlflow: MlflowConfig | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A nightly configuration with the folder that its paths start from."""

    config: NightlyConfig
    base: Path

    @property
    def store(self) -> Path:
        """Return the folder that keeps the nights."""
        return self.base / self.config.store

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Return every configuration with every corpus, in the order of the file."""
        return [(one, other) for one in self.config.configurations for other in self.config.corpora]

    @property
    def options(self) -> Options:
        """Return the choices behind the scores."""
        return parse_options(**self.config.scoring.model_dump())

    def configuration(self, name: str) -> Path:
        """Return the file of a configuration."""
        return self.base / self.config.configurations[name]

    def corpus(self, name: str) -> str:
        """Return a corpus: a path, or the name of a data set as it is."""
        given = self.config.corpora[name]
        return str(self.base / given) if (self.base / given).exists() else given


def load_plan(path: Path) -> Plan:
    """Read a nightly configuration.

    Raises:
        ConfigError: it cannot be read, or a value is out of range; the message says which.
    """
    config = checked(NightlyConfig, read_mapping(path), where=str(path))
    return Plan(config=config, base=path.absolute().parent)
