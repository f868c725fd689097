"""One-step scores: every row has all its keys, and nothing later than the cut-off is known."""

import dataclasses
import json

import numpy as np
import pytest

from allohistory.check.onestep import fitted, names, one_step
from allohistory.check.past import cut
from allohistory.check.reversals import reversals
from allohistory.record.tables import load
from allohistory.record.until import until

pytestmark = pytest.mark.slow
CUT, YEARS = 1930, 6
KEYS = {
    "mechanism",
    "cutoff",
    "horizon",
    "n",
    "events",
    "metric",
    "value",
    "comparators",
}


def few(tables, year):
    return cut(tables, year, many=8).draws


@pytest.fixture(scope="module")
def rows():
    return one_step(None, (CUT,), YEARS, model=few)


def test_every_mechanism_has_rows_with_all_keys(rows):
    for row in rows:
        assert KEYS <= set(row) <= KEYS | {"note"}
        assert set(row["comparators"]) == {"base_rate", "persistence", "dyadic_logit", "boosted"}
        assert row["value"] is not None or row["events"] in {0, row["n"]}, row
    assert {row["mechanism"] for row in rows} >= set(names())
    json.dumps(rows, allow_nan=False)


def test_one_cutoff_pooled_is_that_cutoff(rows):
    pooled = [row | {"cutoff": CUT} for row in rows if row["cutoff"] is None and "note" not in row]
    assert pooled == [row for row in rows if row["cutoff"] == CUT and "note" not in row]


def test_the_model_beats_the_base_rate_on_disputes(rows):
    for row in rows:
        if row["mechanism"] == "dispute" and row["metric"] != "slope" and row["cutoff"] == CUT:
            assert row["value"] > row["comparators"]["base_rate"], row


def test_one_mechanism_alone_scores_as_among_all(rows):
    alone = one_step(None, (CUT,), YEARS, mechanism="war onset", model=few)
    assert alone == [row for row in rows if row["mechanism"].startswith("war onset")]
    with pytest.raises(ValueError, match="no mechanism"):
        one_step(None, (CUT,), mechanism="weather")


def nonsense(tables):
    """The same record up to the cut, and nonsense after it."""
    change = dataclasses.replace
    rng = np.random.default_rng(1)
    return change(
        tables,
        disputes=tuple(
            change(d, initiator=d.target, target=d.initiator) if d.year > CUT else d
            for d in tables.disputes
        ),
        capabilities=tuple(
            change(c, share=float(rng.random())) if c.year > CUT else c for c in tables.capabilities
        ),
        regimes=tuple(r for r in tables.regimes if r.year <= CUT),
        rivalries=tuple(r for r in tables.rivalries if r.start.year <= CUT),
        wars=tuple(w for w in tables.wars if w.start.year <= CUT),
        participants=tuple(
            p for p in tables.participants if tables.war_of[p.war].start.year <= CUT
        ),
        treaties=tuple(t for t in tables.treaties if t.start.year <= CUT),
        members=tuple(m for m in tables.members if tables.treaty_of[m.treaty].start.year <= CUT),
    )


def test_the_model_that_is_scored_knows_nothing_later():
    """Bit for bit, whatever later years hold."""
    honest, blind = fitted(None, CUT), fitted(until(nonsense(load()), 2016), CUT)
    for one, two in zip(honest, blind, strict=True):
        for name, a, b in zip(one._fields, one, two, strict=True):
            assert a.tobytes() == b.tobytes(), name


def test_reversals_of_history():
    came = reversals()
    assert any(r.pair == ("DEU", "ITA") or "ITA" in r.pair for r in came.found)
    assert all(0 <= r.years <= 20 for r in came.found)
    assert 0 < came.low <= came.share <= came.high < 1
    assert came.at_risk > len(came.found)
    row = came.row()
    assert (row["n"], row["of"], row["share"]) == (len(came.found), came.at_risk, came.share)
    assert {"war", "title", "pair", "names", "years"} == set(row["list"][0])
    war = next(r for r in row["list"] if r["pair"] == ["JPN", "RUS"])
    assert (war["war"], war["names"]) == ("russo-japanese-war", ["Japan", "Russia"])
    json.dumps(row, allow_nan=False)
