"""Nights -> MLflow, for those who use it: one run per cell, in the experiment that is named."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.nights.records import Night, TrendPoint
    from eval.nights.settings import MlflowConfig


def log_night(night: Night, history: Sequence[TrendPoint], config: MlflowConfig) -> tuple[str, ...]:
    """Log tonight's cells: means as metrics, facts as parameters; return notes.

    A sink that is not installed, or does not answer, costs a note and not the night.
    """
    try:
        mlflow = import_module("mlflow")
    except ImportError:
        return ("not logged to MLflow: it is not installed, `pip install 'digest[mlflow]'`",)
    try:
        mlflow.set_tracking_uri(config.tracking_uri)
        mlflow.set_experiment(config.experiment)
        for point in history:
            if point.night == night.night:
                _log(mlflow, point)
    except Exception as error:  # noqa: BLE001 - a server raises what it likes
        return (f"not logged to MLflow: {type(error).__name__}: {error}",)
    return ()


def _log(mlflow: object, point: TrendPoint) -> None:
    name = f"{point.night} {point.configuration}@{point.corpus}"
    with mlflow.start_run(run_name=name):  # type: ignore[attr-defined]
        mlflow.set_tags(  # type: ignore[attr-defined]
            {
                "night": point.night,
                "configuration": point.configuration,
                "corpus": point.corpus,
                "outcome": point.outcome.value,
                "outputs_sha256": point.outputs_sha256,
            }
        )
        # 500 is what MLflow takes of a value, 100 of parameters at a time.
        facts = [
            (f"{f.cause.value}.{f.name}".replace(" ", "_"), f.value[:500]) for f in point.facts
        ]
        for start in range(0, len(facts), 100):
            mlflow.log_params(dict(facts[start : start + 100]))  # type: ignore[attr-defined]
        means = {v.metric: v.mean for v in point.levels if v.mean is not None}
        mlflow.log_metrics(means)  # type: ignore[attr-defined]
