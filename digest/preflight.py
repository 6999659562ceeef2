"""What a configuration needs from outside, looked at before anything runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.config import ChatConfig, CTranslate2Config, EndpointConfig, Seq2SeqConfig
from digest.errors import DigestError

if TYPE_CHECKING:
    from digest.config import BackendConfig, Config

    LocalConfig = Seq2SeqConfig | ChatConfig | CTranslate2Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A backend's model: what is known of it, and whether the backend can write with it."""

    backend: str
    detail: str
    met: bool


def needs(config: Config) -> list[Need]:
    """Return the models that the backends of a configuration need, in the order of the chain.

    No weights are loaded and nothing is downloaded: folders and caches are looked at, settings and
    tokenizers of models on this machine are read, the hub is asked for sizes and kinds, a server
    for its list of models.
    """
    found = (_need(backend, config) for backend in config.summarize.backends)
    return [need for need in found if need is not None]


def _need(backend: BackendConfig, config: Config) -> Need | None:
    if isinstance(backend, EndpointConfig):
        return _server(backend)
    if isinstance(backend, Seq2SeqConfig | ChatConfig | CTranslate2Config):
        return _model(backend, max_words=config.summarize.max_words)
    return None


def _server(config: EndpointConfig) -> Need:
    from digest.backends.neural.endpoint_probe import probe  # noqa: PLC0415 - httpx, 0.2 s

    try:
        return Need(backend=config.kind, detail=probe(config), met=True)
    except DigestError as error:
        return Need(backend=config.kind, detail=str(error), met=False)


def _model(config: LocalConfig, *, max_words: int) -> Need:
    from digest.backends.neural.availability import availability  # noqa: PLC0415 - as above

    found = availability(config)
    size = "" if found.bytes is None else f", {found.bytes / 1e6:,.0f} MB"
    says = {
        "local": f"{config.model} is on this machine",
        "download": f"{config.model} will be downloaded",
        "missing": f"{config.model} cannot be had",
    }
    fault = _refusal(config, max_words) if found.state == "local" else None
    detail = f"{says[found.state]}{size}: {found.detail}{f', but {fault}' if fault else ''}"
    met = found.state != "missing" and fault is None
    return Need(backend=config.kind, detail=detail, met=met)


def _refusal(config: LocalConfig, max_words: int) -> str | None:
    """Return why a run would refuse a model that is here, None where it would not.

    What a run reads before it loads weights is read: of which kind the model is, its chat template,
    its limits, the device.
    """
    from digest.backends.neural.build import generator_of  # noqa: PLC0415 - as above

    generator = generator_of(config)
    try:
        generator.room(max_words)
        dict(generator.settings)
    except DigestError as error:
        return str(error)
    return None
