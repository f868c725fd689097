"""The table of bounds: what is in it, what it depends on, and what is said of it."""

import numpy as np
import pytest

from allohistory.chance import chance
from allohistory.counterfactual.twin import MODES
from allohistory.search.bounds import (
    BASE,
    BEYOND,
    EVERY,
    KEPT,
    LEAST,
    MOST,
    PLAIN,
    WORDS,
    bounds,
    ends,
)

MANY = 80


def table(**hits):
    """Chances of settings in which so many of eighty runs reach the goal; others none."""
    names = {"fresh": "fresh", "kept": KEPT, "least": LEAST, "most": MOST, "plain": PLAIN,
             "one": "kappa 1", "inf": "kappa inf", "gumbel": "kappa 1, Gumbel"}  # fmt: skip
    return {
        name: chance([1] * hits.get(key, 0) + [0] * (MANY - hits.get(key, 0)), np.ones(MANY, int))
        for key, name in names.items()
    }


def test_every_mode_of_an_answer_has_a_row_and_words():
    assert {how.name for how in MODES} <= set(WORDS)
    assert set(bounds(table())) == {"rows", "middle", "low", "high", "depends", "sentence"}
    assert [row["setting"] for row in bounds(table())["rows"]] == list(WORDS)
    assert {BASE} < EVERY - set(WORDS)
    assert {how.name for how in MODES} | BEYOND == EVERY


def test_the_ends_and_the_middle_are_rows():
    part = bounds(table(fresh=9, one=4, inf=8, gumbel=3, most=6, plain=5))

    assert part["high"]["setting"] == "fresh"
    assert part["low"]["p"] == 0.0
    assert part["middle"]["p"] == pytest.approx(4 / MANY)
    assert all(part[key] in part["rows"] for key in ("low", "middle", "high"))


@pytest.mark.parametrize(
    ("hits", "words"),
    [
        ({"fresh": 40, "plain": 38}, "depends most on how much of history's luck is kept"),
        (
            {"fresh": 40, "inf": 40, "one": 40, "gumbel": 40, "kept": 40, "most": 70, "least": 5,
             "plain": 38},
            "depends most on how the same luck chooses again (the coupling) (6% to 88%)",
        ),
        (
            {"fresh": 60, "inf": 60, "one": 60, "gumbel": 60, "kept": 60, "most": 60, "least": 60},
            "depends most on whether elicited effects are believed",
        ),
        ({"fresh": 3}, "so few runs cannot tell it from luck"),
        ({}, "none of them can be told from another"),
    ],
)  # fmt: skip
def test_it_says_what_the_answer_depends_on_most(hits, words):
    assert words in bounds(table(**hits))["sentence"]


def test_what_was_not_rolled_is_left_out():
    some = {name: c for name, c in table(fresh=9).items() if name in ("fresh", KEPT)}

    part = bounds(some)

    assert [row["setting"] for row in part["rows"]] == ["fresh", KEPT]
    assert [row["on"] for row in part["depends"]] == ["how much of history's luck is kept"]
    assert bounds({"fresh": some["fresh"]})["depends"] == []


@pytest.mark.parametrize("happened", [False, True])
def test_the_ends_are_ordered_chances_that_meet_where_there_is_no_doubt(happened):
    for p0 in (0.02, 0.3, 0.5, 0.9):
        for p1 in (0.01, 0.3, 0.5, 0.97):
            low, high = ends(p0, p1, happened=happened)
            assert 0.0 <= low <= high <= 1.0
        assert ends(p0, 1.0, happened=happened) == pytest.approx((1.0, 1.0))
        assert ends(p0, 0.0, happened=happened) == pytest.approx((0.0, 0.0))
