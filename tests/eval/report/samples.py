"""Small comparisons whose right reading is known by hand."""

from __future__ import annotations

from eval.comparing.records import Outcome
from eval.nights.records import Cause, Change, Level, Step, Trend, TrendPoint
from tests.browsing import PAYLOADS
from tests.eval.report.building import PRIMARY, Written

_BRIDGE = (
    "Ada Brandt, the mayor of Velmar, opened the new bridge on Monday. It cost $2.5 million. "
    "The engineer Otto Lindqvist said that it would last. About 2,000 people came."
)
_STRIKE = (
    "Dock workers in Velmar ended their strike on Friday. The port authority agreed to raise "
    "wages by four percent. Forty ships had been waiting."
)

# `new` names Carla Mendes, whom no source has, and no longer names Otto Lindqvist.
BRIDGE = Written(
    articles=(("Bridge opens in Velmar", _BRIDGE), ("Port strike ends", _STRIKE)),
    references=("Mayor Ada Brandt opened a bridge in Velmar.", "A bridge was opened in Velmar."),
    outputs={
        "old": "Ada Brandt opened the new bridge.\nOtto Lindqvist said that it would last.",
        "new": "Ada Brandt opened the new bridge.\nCarla Mendes said that it would last.",
        "third": "The mayor opened a bridge for $2.5 million.\nSome 2000 people came.",
    },
)
STRIKE = Written(
    articles=(("Port strike ends", _STRIKE),),
    references=("The strike in Velmar is over.",),
    outputs={
        "old": "Dock workers in Velmar ended their strike on Friday.",
        "new": "Dock workers in Velmar ended their strike on Friday.",
        "third": "Dock workers in Velmar ended their strike on Friday.",
    },
)
NOTHING = Written(
    articles=(("Rain in Orsava", "It rained in Orsava. Nobody was hurt."),),
    references=("Rain fell in Orsava.",),
    outputs={"old": "It rained in Orsava.", "new": "", "third": "It rained."},
)
CLUSTERS = {"bridge": BRIDGE, "strike": STRIKE, "nothing": NOTHING}


def hostile() -> dict[str, Written]:
    """Return clusters in which ids, titles, texts, references and outputs are attacks."""
    return {
        payload: Written(
            articles=((payload, f"{payload} Ada Brandt said: {payload}"),),
            references=(payload,),
            outputs={
                "old": f"Ada Brandt and Carla Mendes came. {payload}",
                PAYLOADS[1]: f"{payload} Otto Brandt came.",
            },
        )
        for payload in PAYLOADS
    }


def trend() -> Trend:
    """Return five nights of two configurations, with a step of `new` on the fourth."""
    return Trend(
        points=tuple(
            _point(f"2025-03-0{night}", name, mean)
            for night in range(1, 6)
            for name, mean in (("old", 0.28), ("new", 0.3 if night < 4 else 0.22))
        ),
        steps=(
            Step(
                configuration="new",
                corpus="corpus.jsonl",
                metric=PRIMARY[0],
                night="2025-03-04",
                previous_night="2025-03-03",
                before=0.3,
                after=0.22,
                p=None,
                causes=(
                    Change(cause=Cause.LIBRARY, name="pysbd", before="0.3.3", after="0.3.4"),
                    Change(cause=Cause.UNEXPLAINED, name="", before=None, after=None),
                ),
            ),
        ),
    )


def _point(night: str, name: str, mean: float) -> TrendPoint:
    return TrendPoint(
        night=night,
        configuration=name,
        corpus="corpus.jsonl",
        outcome=Outcome.REGRESSED if mean < 0.25 else Outcome.PASS,
        outputs_sha256="ab" * 32,
        n=3,
        states=(),
        levels=(Level(metric=PRIMARY[0], mean=mean, sd=0.1, n=3),),
        noise=(),
        facts=(),
    )
