"""What a configuration needs from outside, looked at before anything runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.config import ChatConfig, CTranslate2Config, EndpointConfig, Seq2SeqConfig
from digest.errors import DigestError

if TYPE_CHECKING:
    from digest.config import BackendConfig, Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A backend's model: what is known of it, and whether the backend can write with it."""

    backend: str
    detail: str
    met: bool


def needs(config: Config) -> list[Need]:
    """Return the models that the backends of a configuration need, in the order of the chain.

    Nothing is loaded or downloaded: folders and caches are looked at, the hub is asked for sizes, a
    server for its list of models.
    """
    found = (_need(backend) for backend in config.summarize.backends)
    return [need for need in found if need is not None]


def _need(config: BackendConfig) -> Need | None:
    if isinstance(config, EndpointConfig):
        return _server(config)
    if isinstance(config, Seq2SeqConfig | ChatConfig | CTranslate2Config):
        return _model(config)
    return None


def _server(config: EndpointConfig) -> Need:
    from digest.backends.neural.endpoint import probe  # noqa: PLC0415 - httpx, 0.2 s

    try:
        return Need(backend=config.kind, detail=probe(config), met=True)
    except DigestError as error:
        return Need(backend=config.kind, detail=str(error), met=False)


def _model(config: Seq2SeqConfig | ChatConfig | CTranslate2Config) -> Need:
    from digest.backends.neural.availability import availability  # noqa: PLC0415 - as above

    found = availability(config)
    size = "" if found.bytes is None else f", {found.bytes / 1e6:,.0f} MB"
    says = {
        "local": f"{config.model} is on this machine",
        "download": f"{config.model} will be downloaded",
        "missing": f"{config.model} cannot be had",
    }
    detail = f"{says[found.state]}{size}: {found.detail}"
    return Need(backend=config.kind, detail=detail, met=found.state != "missing")
