"""A small search, whole: same bytes on any number of workers, resumable, told on fresh worlds."""

import json
from itertools import pairwise

import pytest

from allohistory.errors import QuestionError
from allohistory.executors import workers
from allohistory.question.read import read_text
from allohistory.search import forward
from allohistory.search.forward import search
from allohistory.search.rolling import Engine

SMALL = """question = "Could they?"
pair = ["Japan", "China"]
divergence = { from = 1900, to = 1912, grace = 6, sensitivity = [1895, 1904] }
horizon = 15
[goal]
firm = { level = 1, behaviour = false }
lasting = { years = 4 }
[[exclude]]
when = "both allied to USA"
[[pod]]
id = "japan-loses-1905"
title = "Japan loses the Russo-Japanese War, and loses big"
claim = [24]
[[pod.step]]
force = { war = "Russo-Japanese War", outcome = "Russia wins", margin = "decisive" }
[[pod]]
id = "china-wins-1894"
title = "China wins the First Sino-Japanese War"
claim = [14]
[[pod.step]]
force = { war = "First Sino-Japanese War", outcome = "China wins", margin = "decisive" }
"""
RUNS = 1_500


class Shelf(dict):
    """A store in memory."""

    def read(self, key):
        return self.get(key)

    def write(self, key, arrays):
        self[key] = {name: value.copy() for name, value in arrays.items()}


@pytest.fixture(scope="module")
def shelf():
    return Shelf()


@pytest.fixture(scope="module")
def found(shelf):
    heard = []
    with workers(1) as pool:
        result = search(
            read_text(SMALL), pool=pool, runs=RUNS, kept=shelf, say=lambda *a: heard.append(a)
        )
    return result, heard


def test_same_bytes_on_two_workers(found):
    with workers(2) as pool:
        again = search(read_text(SMALL), pool=pool, runs=RUNS)
    assert json.dumps(again) == json.dumps(found[0])


def test_a_search_that_was_cut_short_goes_on(found, monkeypatch):
    """What was rolled before the cut is read, and the result is the same bytes."""
    shelf, rolled = Shelf(), []
    kept = shelf.write

    def cut(key, arrays):
        kept(key, arrays)
        if len(shelf) == 7:
            raise KeyboardInterrupt

    monkeypatch.setattr(shelf, "write", cut, raising=False)
    with workers(1) as pool, pytest.raises(KeyboardInterrupt):
        search(read_text(SMALL), pool=pool, runs=RUNS, kept=shelf)
    assert len(shelf) == 7
    real = forward.Engine.__call__

    def spy(engine, entrants, numbers):
        out = real(engine, entrants, numbers)
        rolled.append(engine.read)
        return out

    monkeypatch.setattr(shelf, "write", kept, raising=False)
    monkeypatch.setattr(Engine, "__call__", spy)
    with workers(1) as pool:
        again = search(read_text(SMALL), pool=pool, runs=RUNS, kept=shelf)
    assert max(rolled) > 0
    assert json.dumps(again) == json.dumps(found[0])


def test_a_search_done_before_rolls_nothing(found, shelf):
    class Idle:
        width, many = 1, False

        def map(self, _, items):
            yield from (pytest.fail("something was rolled") for _ in items)

    again = search(read_text(SMALL), pool=Idle(), runs=RUNS, kept=shelf)
    assert json.dumps(again) == json.dumps(found[0])


def test_the_result_holds_what_was_promised(found):
    result, _ = found
    assert {"frontier", "near", "own", "by_year", "panel", "raced", "stopped", "penalty"} <= set(
        result
    )
    assert [p["year"] for p in result["panel"]] == [1895, 1904]
    assert {row["id"] for row in result["own"]} == {"japan-loses-1905", "china-wins-1894"}
    assert len(result["near"]) >= 10
    assert sum(not row["listed"] for row in result["near"]) >= 3
    for row in [*result["frontier"], *result["near"]]:
        assert row["p_goal"]["lo"] <= row["p_goal"]["p"] <= row["p_goal"]["hi"]
        assert row["cost"] == pytest.approx(
            row["bits"] + row["stated_bits"] + row["penalty_bits"], abs=0.002
        )
        assert sum(s["bits"] for s in row["steps"]) == pytest.approx(
            row["bits"] + row["stated_bits"], abs=0.01
        )
        assert row["p_base"] is not None
    assert any(not row["direct"] for row in result["frontier"])
    assert all("; then " in row["title"] for row in result["frontier"] if row["kind"] == "chain")
    raced = result["raced"]
    assert RUNS * 0.8 < raced["runs"] < RUNS * 1.3
    assert raced["candidates"] > 100
    thought = sum(kind["thought of"] for kind in result["stopped"].values())
    assert thought > raced["candidates"]


def test_the_frontier_rises_in_both_leagues(found):
    frontier = found[0]["frontier"]
    for rows in (
        [r for r in frontier if r["overall"]],
        [r for r in frontier if not r["direct"]],
    ):
        assert rows
        chances = [r["p_goal"]["p"] for r in rows]
        assert chances == sorted(chances)
    costs = [r["cost"] for r in frontier]
    assert costs == sorted(costs)
    assert all(a < b for a, b in pairwise(costs))


def test_years_of_the_window_and_its_grace_are_told(found):
    rows = found[0]["by_year"]
    years = [r["year"] for r in rows]
    assert years == sorted(set(years))
    assert min(years) >= 1894
    assert max(years) <= 1918
    assert len(years) >= 15
    for row in rows:
        outside = max(1900 - row["year"], row["year"] - 1912, 0)
        assert row["penalty_bits"] == pytest.approx(outside / 6, abs=0.001)
    assert any(row["direct"] for row in rows)


def test_progress_tells_what_is_best_so_far(found):
    _, heard = found
    assert any("best so far: " in text for text, *_ in heard)
    done = [n for _, n, _ in heard]
    assert done == sorted(done)
    assert heard[0][0] == "thinking of candidates"
    assert all(total == RUNS for *_, total in heard)


def test_chances_come_from_worlds_that_no_choice_was_made_by(monkeypatch):
    numbers = []
    real = Engine.__call__

    def spy(engine, entrants, some):
        numbers.append(some)
        return real(engine, entrants, some)

    monkeypatch.setattr(Engine, "__call__", spy)
    with workers(1) as pool:
        search(read_text(SMALL), pool=pool, runs=300)
    raced = {n for some in numbers if some.start < forward.ANEW for n in some}
    final = {n for some in numbers if some.start >= forward.ANEW for n in some}
    assert raced
    assert final
    assert not raced & final


def test_a_budget_in_seconds_says_how_many_runs_it_came_to():
    with workers(1) as pool:
        result = search(read_text(SMALL), pool=pool, seconds=4.0)
    assert result["raced"]["budget"] >= 24
    assert result["raced"]["runs"] > 0


@pytest.mark.parametrize("budget", [{"runs": 0}, {"seconds": -1.0}])
def test_no_budget_is_refused(budget):
    with workers(1) as pool, pytest.raises(QuestionError, match="budget"):
        search(read_text(SMALL), pool=pool, **budget)


def test_results_are_plain(found):
    assert json.loads(json.dumps(found[0])) == found[0]
    assert "NaN" not in json.dumps(found[0])
