"""Gates and nights -> JUnit XML, which every continuous integration shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from eval.comparing.records import Outcome

if TYPE_CHECKING:
    from eval.comparing.records import Comparison, Decision
    from eval.nights.records import Night

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENT = {
    Outcome.REGRESSED: "failure",
    Outcome.FAILED: "error",
    Outcome.NOT_COMPARABLE: "error",
    Outcome.INCONCLUSIVE: "skipped",
}


def gate_xml(comparison: Comparison, decision: Decision) -> str:
    """Return a gate as a suite with a test case per metric."""
    pair = comparison.pairs[0]
    name = f"gate.{comparison.corpus}.{pair.candidate}"
    cases = [(name, gated.metric, gated.outcome, gated.reason) for gated in decision.metrics]
    return _xml("digest eval gate", cases or [(name, "outputs", decision.outcome, "same outputs")])


def refusal_xml(why: str) -> str:
    """Return a gate that could not be decided as a suite with one error."""
    said = why.replace(":\n- ", ": ", 1)  # build servers show the first line
    return _xml("digest eval gate", [("gate", "comparable", Outcome.NOT_COMPARABLE, said)])


def night_xml(night: Night) -> str:
    """Return a night as a suite with a test case per cell."""
    cases = [
        (
            f"nightly.{cell.corpus}",
            cell.configuration,
            cell.outcome,
            "\n".join([*([cell.failure] if cell.failure else []), *cell.reasons]),
        )
        for cell in night.cells
    ]
    return _xml(f"digest eval nightly {night.night}", cases)


def _xml(name: str, cases: list[tuple[str, str, Outcome, str]]) -> str:
    elements = [_ELEMENT.get(outcome) for _, _, outcome, _ in cases]
    suite = ET.Element(
        "testsuite",
        name=_clean(name),
        tests=str(len(cases)),
        failures=str(elements.count("failure")),
        errors=str(elements.count("error")),
        skipped=str(elements.count("skipped")),
    )
    for (classname, case, outcome, reason), element in zip(cases, elements, strict=True):
        row = ET.SubElement(
            suite, "testcase", classname=_clean(classname), name=_clean(case), time="0"
        )
        if element is not None:
            first = _clean(reason.split("\n", 1)[0])
            ET.SubElement(row, element, message=first, type=outcome.value).text = _clean(reason)
    ET.indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suite, "unicode") + "\n"


def _clean(text: str) -> str:
    """Return text without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
