"""A stage, an abduction and a plan that the laws share; kernels compile once per machine."""

import sys
from pathlib import Path

import pytest

from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.twin import Twins
from allohistory.engine.luck import stage
from allohistory.model.shipped import shipped
from allohistory.question.resolve import pose
from allohistory.record.dates import FIRST_YEAR

sys.path.insert(0, str(Path(__file__).parent))
from lab import LAST, STARTS


@pytest.fixture(scope="session")
def draws():
    return shipped()[0]


@pytest.fixture(scope="session")
def question():
    return pose("sino-japanese-alliance")


@pytest.fixture(scope="session")
def twins(draws, question):
    """History 1860-1925 told under one draw."""
    s = stage(FIRST_YEAR, LAST, log=True, rows=400_000)
    years = {*STARTS, *(y - 1 for y in STARTS), 1903, 1905}
    years |= {p.first - 1 for p in question.plans} | {p.decided for p in question.plans}
    return Twins(s, draws[3], abduce(s, draws[3], {y for y in years if y < LAST}), seed=11)
