"""One point of divergence of a question, by name."""

from pathlib import Path

from allohistory.counterfactual.intervention import Plan
from allohistory.errors import QuestionError
from allohistory.question.resolve import pose


def plan_of(question: str | Path, pod: str | None = None) -> Plan:
    """
    Read a question and pick a point of divergence (the first unless named).

    Raises
    ------
    QuestionError, UnknownNameError
    """
    posed = pose(question)
    if not posed.plans:
        raise QuestionError(
            "the question has no point of divergence", "a [[pod]] table", posed.file
        )
    return posed.plan(pod) if pod else posed.plans[0]
