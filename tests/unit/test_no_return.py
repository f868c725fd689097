"""Point of no return: what is likely from a year, what it would cost, and what is said of it."""

import numpy as np
import pytest

from allohistory.search.no_return import CHEAP, Found, Frame, bits_least, no_return
from allohistory.search.years import APART, Reached, Stretch, longest

YEARS = np.arange(1880, 2000)
FRAME = Frame(first=1900, last=1999, horizon=50, ends=2016)
DRAWS = 40


def falling(high=0.6, low=0.02, turn=1930, runs=2):
    """Worlds of a goal that is likely up to a year and hardly afterwards."""
    rng = np.random.default_rng(3)
    p = np.where(turn >= YEARS, high, low)
    return Reached(YEARS, rng.binomial(runs, p, (DRAWS, len(YEARS))), runs)


@pytest.fixture(scope="module")
def part():
    return no_return(falling(), FRAME)


def never():
    return Reached(YEARS, np.zeros((DRAWS, len(YEARS)), np.int64), 1)


@pytest.mark.parametrize("reached", [falling(), falling(0.003, 0.001), never()])
def test_the_goal_and_its_opposite_sum_to_one_exactly(reached):
    for row in no_return(reached, FRAME)["by_year"]:
        assert row["p"] + row["p_not"] == 1.0
        assert row["reached"] + row["missed"] == row["runs"]


def test_whatever_a_chance_is_rounded_to_it_sums_to_one():
    p = np.round(np.arange(100_001) / 100_000, 5)

    assert ((p + (1.0 - p)) == 1.0).all()


@pytest.mark.parametrize(("p", "goal_then"), [(0.01, 0.5), (0.2, 0.9), (0.4, 0.55)])
def test_no_event_is_cheaper_than_the_least(p, goal_then):
    """An event of chance q with P(goal | event) = g has q g <= p, so -log2 q >= bits_least(p)."""
    dearest = p / goal_then

    assert -np.log2(dearest) >= bits_least(p) - 1e-12


def test_the_least_is_reached_by_the_goal_and_as_much_again():
    p = 0.03125

    assert bits_least(p) == pytest.approx(-np.log2(2 * p)) == 4.0


def test_the_last_cheap_year_is_that_before_the_turn(part):
    assert part["pooled"] == 1
    assert part["last_cheap"] == 1930
    assert "The last year from which the goal was cheap is 1930" in part["sentence"]


def test_cheap_is_what_the_rule_says(part):
    for row in part["by_year"]:
        if row["bits_least"] is not None and row["bits_least"] <= CHEAP:
            assert row["p"] >= 2**-CHEAP / 2 - 1e-5
    assert "6.2% or more" in part["rule"]


def test_bits_follow_from_the_chance_and_its_ends(part):
    for row in part["by_year"]:
        if row["p"]:
            assert row["bits_least"] == pytest.approx(bits_least(row["p"]), abs=1e-3)
        assert row["bits_lo"] <= (row["bits_least"] if row["bits_least"] is not None else 99)
        assert row["bits_hi"] is None or row["bits_hi"] >= row["bits_least"]


def test_going_back_further_is_told_by_a_number():
    helps = no_return(falling(turn=1893), FRAME)
    hinders = no_return(falling(high=0.02, low=0.6, turn=1897), FRAME)
    nothing = no_return(falling(high=0.02), FRAME)

    assert "Going back further helps: from the years 1880-1895" in helps["sentence"]
    assert helps["earlier"]["mean"]["lo"] > helps["within"]["mean"]["hi"]
    assert "it makes the goal less likely" in hinders["sentence"]
    assert "makes no difference that these runs can show" in nothing["sentence"]
    assert "years 1880-1895 the chance is " in helps["sentence"]


def test_years_near_the_end_of_the_record_are_neither_best_nor_in_a_mean():
    """A goal likely only where the record leaves too few years to look at."""
    reached = Reached(YEARS, falling(high=0.02, low=0.6, turn=1970).hits, 2)

    part = no_return(reached, FRAME)

    assert part["within"]["to"] == 1966
    assert part["best"]["year"] <= 1966
    assert part["by_year"][-1]["years_left"] == 17
    assert "From 1967 on the record leaves fewer than 50 years" in part["rule"]
    assert "The record ends in 2016" in part["sentence"]


def test_a_rare_goal_is_pooled_over_years_and_that_is_said():
    rare = no_return(falling(high=0.004, low=0.004), FRAME)

    assert rare["pooled"] == APART
    assert f"pooled over {APART} years" in rare["rule"]
    assert rare["last_cheap"] is None
    assert "In no year from 1880 to 1999 was the goal cheap" in rare["sentence"]


def test_a_goal_no_world_reached_is_said_so():
    part = no_return(never(), FRAME)

    assert "no world reached it" in part["sentence"]
    assert part["best"]["bits_least"] is None
    assert all(row["bits_least"] is None and row["bits_lo"] > 5 for row in part["by_year"])


def test_what_was_found_bounds_the_year_before_it():
    ways = [Found(1931, 6.5, 0.6), Found(1931, 5.0, 0.4), Found(1931, 7.5, 0.9)]

    part = no_return(falling(), FRAME, ways)
    found = {row["year"]: row["bits_found"] for row in part["by_year"]}

    assert found[1930] == 6.5
    assert found[1931] is None
    assert "cheapest way found to an even chance begins in 1931 and costs 6.5" in part["sentence"]


def test_where_nothing_found_is_even_the_likeliest_is_told():
    part = no_return(never(), FRAME, [Found(1905, 3.0, 0.1), Found(1927, 8.6, 0.11)])

    assert "No way found makes it as likely as not" in part["sentence"]
    assert "the likeliest begins in 1927, costs 8.6 bits and reaches 11%" in part["sentence"]


def test_neighbouring_years_share_no_run():
    job = Stretch(None, 3, tuple(YEARS), 2, 1900)

    assert list(job.numbers(1900)) == [6, 7]
    assert list(job.numbers(1900 - 4 * APART)) == [6, 7]
    for year in range(1895, 1895 + APART):
        others = {n for y in range(1895, 1895 + APART) if y != year for n in job.numbers(y)}
        assert not others & set(job.numbers(year))


@pytest.mark.parametrize(
    ("flags", "many"), [([], 0), ([0, 0], 0), ([1, 1, 0, 1], 2), ([0, 1, 1, 1], 3), ([1], 1)]
)
def test_the_longest_run_is_counted(flags, many):
    assert longest(np.array(flags, np.bool_)) == many
