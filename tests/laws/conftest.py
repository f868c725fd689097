"""A stage, an abduction and a plan that the laws share; kernels compile once per machine."""

import pytest

from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.twin import Twins
from allohistory.engine.luck import stage
from allohistory.model.shipped import shipped
from allohistory.question.resolve import pose
from allohistory.record.dates import FIRST_YEAR

LAST = 1925
STARTS = (1861, 1885, 1893, 1904, 1913, 1918)


@pytest.fixture(scope="session")
def draws():
    return shipped()[0]


@pytest.fixture(scope="session")
def twins(draws):
    """History 1860-1925 told under one draw."""
    s = stage(FIRST_YEAR, LAST, log=True, rows=400_000)
    years = {*STARTS, *(y - 1 for y in STARTS), 1903, 1905}
    return Twins(s, draws[3], abduce(s, draws[3], years), seed=11)


@pytest.fixture(scope="session")
def question():
    return pose("sino-japanese-alliance")
