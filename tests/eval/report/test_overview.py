from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from eval.comparing.records import Interval, Pair, Pooled, Verdict
from eval.report import overview, pairwise
from eval.report.figures import copying, from_baseline
from eval.report.history import configurations, histories
from eval.report.plots import Spot, without_far
from eval.report.shown import letter, metric_of, page_name, shown_metrics
from eval.report.verdicts import SIGNS
from tests.eval.report.building import compared
from tests.eval.report.samples import trend

if TYPE_CHECKING:
    from eval.comparing.records import Comparison
    from eval.report import Material

_LETTERS = {"old": "A", "new": "B", "third": "C"}


@pytest.fixture(name="all_pairs")
def all_pairs_fixture(sample: Material) -> Comparison:
    return compared(sample.folders[0], baseline=None, ids=sample.comparison.cluster_ids)


def _judged(comparison: Comparison, verdict: Verdict) -> Comparison:
    """Return the comparison with one verdict for all metrics of its first pair."""
    first = comparison.pairs[0]
    metrics = tuple(replace(metric, verdict=verdict) for metric in first.metrics)
    return replace(comparison, pairs=(replace(first, metrics=metrics), *comparison.pairs[1:]))


def test_a_cell_holds_mean_difference_and_what_could_be_seen(sample: Material) -> None:
    metrics = shown_metrics(sample.comparison)[:2]
    old, new, third = overview.system_rows(sample.comparison, metrics, _LETTERS)
    assert old.baseline
    assert old.cells[0].judged is None
    faithful = new.cells[1]
    assert (old.cells[1].mean, faithful.mean, faithful.difference) == ("100.0", "75.0", "−25.0")
    assert faithful.without == "1 without"
    assert faithful.mde is not None
    assert new.states == "1 empty"
    assert third.letter == "C"


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_sign_of_its_own(sample: Material, verdict: Verdict) -> None:
    comparison = _judged(sample.comparison, verdict)
    metrics = shown_metrics(comparison)[:1]
    cell = overview.system_rows(comparison, metrics, _LETTERS)[1].cells[0]
    if verdict is Verdict.INTERVAL_ONLY:
        assert cell.judged is None
    else:
        assert cell.judged is not None
        assert cell.judged.words == verdict.value
        assert [s for s, _ in SIGNS.values()].count(cell.judged.sign) == 1


def test_identical_outputs_are_no_change(sample: Material) -> None:
    same = Pair(
        baseline="old",
        candidate="new",
        identical=True,
        differing=(),
        metrics=(),
        verdict=Verdict.NO_CHANGE,
        reasons=(),
    )
    comparison = replace(sample.comparison, pairs=(same,))
    cell = overview.system_rows(comparison, shown_metrics(comparison)[:1], _LETTERS)[1].cells[0]
    assert cell.judged is not None
    assert cell.judged.words == "no change"
    assert cell.difference is None


def test_a_square_reads_both_ways(all_pairs: Comparison) -> None:
    comparison = _judged(all_pairs, Verdict.BETTER)
    first = comparison.pairs[0]
    metrics = shown_metrics(comparison)[:1]
    letters = {system.name: letter(n) for n, system in enumerate(comparison.systems)}
    (square,) = pairwise.squares(comparison, metrics, letters)
    rows = dict(square.rows)
    column = list(rows).index
    better = rows[letters[first.candidate]][column(letters[first.baseline])]
    worse = rows[letters[first.baseline]][column(letters[first.candidate])]
    assert better is not None
    assert worse is not None
    assert (better.sign, worse.sign) == ("▲", "▼")
    assert rows["A"][0] is None
    assert pairwise.squares(replace(comparison, baseline="old"), metrics, letters) == ()


def test_details_print_every_figure(sample: Material) -> None:
    pooled = Pooled(
        baseline=0.5,
        candidate=0.25,
        difference=-0.25,
        interval=Interval(low=-0.5, high=0.0, level=0.95, method="BCa"),
    )
    pair = sample.comparison.pairs[0]
    metric = replace(pair.metrics[0], metric="rouge2_fmeasure", pooled=pooled, p=0.0004)
    metric = replace(metric, p_adjusted=0.08, effect=-2.0)
    comparison = replace(sample.comparison, pairs=(replace(pair, metrics=(metric,)),))
    (detail,) = pairwise.details(comparison, shown_metrics(comparison))
    assert detail.pair == "new against old"
    named = dict(zip(pairwise.DETAILS, detail.figures, strict=True))
    assert named["p"] == "< .001"
    assert named["p, Holm"] == ".080"
    assert named["Effect d"] == "−2.00"
    assert named["Pooled difference"] == "−25.0 [−50.0, 0.0]"


def test_figures_carry_no_color_of_their_own(sample: Material) -> None:
    found = copying(sample.comparison, _LETTERS)
    assert found is not None
    figures = from_baseline(sample.comparison, shown_metrics(sample.comparison)[:2], _LETTERS)
    assert len(figures) == 2
    for svg in (found.svg, *(svg for _, _, svg in figures)):
        assert "#0" not in svg.replace("url(#", "").replace('href="#', "")
        assert "var(--series-2)" in svg
        assert 'role="img"' in svg
        assert "style=" not in svg
    assert [(row[0], row[2][0].split()[0]) for row in found.rows] == [
        ("A", "100.0"),
        ("B", "75.0"),
        ("C", "100.0"),
    ]
    assert all(f">{mark}</text>" in found.svg for mark in "ABC")


def test_without_values_there_is_no_figure(sample: Material) -> None:
    bare = replace(
        sample.comparison,
        systems=tuple(replace(one, metrics=()) for one in sample.comparison.systems),
        pairs=(),
    )
    assert copying(bare, _LETTERS) is None
    assert from_baseline(bare, shown_metrics(bare), _LETTERS) == ()
    assert from_baseline(replace(bare, baseline=None), shown_metrics(bare), _LETTERS) == ()


def test_a_history_says_when_and_why() -> None:
    found = trend()
    letters = {name: letter(n) for n, name in enumerate(configurations(found))}
    (history,) = histories(found, [metric_of("rouge2_fmeasure"), metric_of("words")], letters)
    assert history.step_positions == (3,)
    (step,) = history.steps
    assert (step.letter, step.before, step.after) == ("B", "30.0", "22.0")
    assert step.causes == ("library pysbd: 0.3.3 → 0.3.4", "nothing that is recorded changed")
    assert history.table[0] == ("2025-03-05", (("28.0", None), ("22.0", "regressed")))
    assert [line.values[-1] for line in history.lines] == pytest.approx([28.0, 22.0])


def test_a_night_without_a_configuration_is_a_gap() -> None:
    whole = trend()
    gone = replace(whole, points=whole.points[:-1])
    (history,) = histories(gone, [metric_of("rouge2_fmeasure")], {"old": "A", "new": "B"})
    assert history.lines[1].values[-1] is None
    assert history.table[0][1][1] == ("–", None)


def test_names_of_pages_are_safe_and_differ() -> None:
    names = [page_name(name) for name in ("a/b", "a b", "../..", "", "ü" * 300, "A B")]
    assert len(set(names)) == len(names)
    assert all("/" not in name and len(name) < 64 and name.endswith(".html") for name in names)


def test_figures_are_printed_in_their_unit() -> None:
    assert metric_of("words").figure(248.4) == "248"
    assert metric_of("entity_precision_source_dates").figure(0.5) == "50.0"
    assert metric_of("something_new").figure(0.5) == "0.50"
    assert metric_of("something_new").heading == "something new"
    assert metric_of("rouge2_fmeasure").signed(-0.0001) == "0.0"
    assert metric_of("rouge2_fmeasure").between(None) is None


def test_without_a_baseline_the_best_comes_first(all_pairs: Comparison) -> None:
    names = [system.name for system in overview.ranked(all_pairs).systems]
    means = [all_pairs.system(name).measured("rouge2_fmeasure") for name in names]
    values = [one.mean for one in means if one is not None and one.mean is not None]
    assert values == sorted(values, reverse=True)
    assert names[0] == "old"
    lower = replace(all_pairs, primary=("entity_conflicts", "rouge2_fmeasure"))
    assert overview.ranked(lower).systems[0].measured("entity_conflicts") is not None
    bare = replace(all_pairs, systems=tuple(replace(s, metrics=()) for s in all_pairs.systems))
    assert overview.ranked(bare) == bare


def test_the_baseline_comes_first(sample: Material) -> None:
    turned = replace(sample.comparison, systems=sample.comparison.systems[::-1])
    assert [s.name for s in overview.ranked(turned).systems] == ["old", "third", "new"]


def _spot(label: str, y: float) -> Spot:
    return Spot(label=label, number=0, x=y, y=y, x_reach=(0, 0), y_reach=(0, 0))


def test_one_far_system_is_left_out_of_the_close_up() -> None:
    near = [_spot(label, 97 + n) for n, label in enumerate("ABC")]
    assert without_far([*near, _spot("D", 40)]) == tuple(near)
    assert without_far(near) == tuple(near)
    assert len(without_far([_spot("A", 0), _spot("B", 9), _spot("C", 20), _spot("D", 30)])) == 4


def test_a_far_system_gets_the_others_a_close_up(sample: Material) -> None:
    systems = sample.comparison.systems
    more = tuple(
        replace(
            systems[0],
            name=f"near-{n}",
            metrics=tuple(
                replace(m, interval=None, mean=m.mean and m.mean * (1 - n / 100))
                for m in systems[0].metrics
            ),
        )
        for n in range(4)
    )
    crowd = replace(sample.comparison, systems=(*systems, *more))
    found = copying(crowd, {s.name: letter(n) for n, s in enumerate(crowd.systems)})
    assert found is not None
    assert found.far == ("B",)
    assert found.close_up is not None
    assert ">B</text>" not in found.close_up
    assert ">B</text>" in found.svg
