"""What a search adds to an answer reads the same on the terminal and as Markdown."""

import io

import numpy as np
import pytest
from rich.console import Console

from allohistory.answer import markdown, searched, terminal
from allohistory.answer.wording import chance as shown
from allohistory.chance import chance
from allohistory.search.analogues import analogues
from allohistory.search.bounds import WORDS, bounds
from allohistory.search.no_return import Found, Frame, no_return
from allohistory.search.years import Reached

YEARS = np.arange(1880, 2000)
ONES = np.ones(80, np.int64)


@pytest.fixture(scope="module")
def parts():
    """Parts made of invented runs, and of the record."""
    table = {name: chance([1] * k + [0] * (80 - k), ONES) for k, name in enumerate(WORDS)}
    hits = np.random.default_rng(1).binomial(1, np.where(YEARS < 1930, 0.4, 0.0), (40, len(YEARS)))
    ways = [Found(1910, 3.5, 0.6)]
    return {
        "bounds": bounds(table),
        "no_return": no_return(Reached(YEARS, hits, 1), Frame(1900, 1999, 50, 2016), ways),
        "analogues": analogues(("JPN", "CHN"), 1900, years=20, horizon=50),
    }


def blocks(parts):
    return [
        *searched.bounds(parts["bounds"], "Japan loses"),
        *searched.no_return(parts["no_return"]),
        *searched.analogues(parts["analogues"]),
    ]


def printed(parts):
    out = io.StringIO()
    terminal.show(blocks(parts), Console(file=out, width=110, color_system=None))
    return out.getvalue()


def written(parts):
    return markdown.write(blocks(parts))


def squeezed(text):
    return "".join(text.replace("\\", "").split())


@pytest.mark.parametrize("write", [printed, written])
def test_every_sentence_is_there(write, parts):
    text = squeezed(write(parts))

    assert all(squeezed(part["sentence"]) in text for part in parts.values())
    assert squeezed(parts["no_return"]["rule"]) in text


@pytest.mark.parametrize("write", [printed, written])
def test_every_chance_has_its_interval(write, parts):
    text = squeezed(write(parts))
    rows = list(parts["bounds"]["rows"])
    rows += [row for row in parts["no_return"]["by_year"] if row["year"] % 10 == 0]
    rows += [row["base"] for row in parts["analogues"]["classes"]]

    assert all(squeezed(shown(row)) in text for row in rows)
    assert "none" not in {str(row["p"]).lower() for row in rows}


def test_a_price_that_was_found_stands_in_its_year(parts):
    line = next(row for row in written(parts).splitlines() if row.startswith("| 1909 "))

    assert line.endswith("| 3.5 bits |")


def test_a_year_no_world_reached_has_a_price_beyond_a_bound(parts):
    line = next(row for row in written(parts).splitlines() if row.startswith("| 1990 "))

    assert "more than" in line


def test_the_nearest_are_named_with_treaty_and_years(parts):
    text = written(parts)

    for row in parts["analogues"]["nearest"]:
        assert f"{row['pair'][0]} and {row['pair'][1]}" in text
        assert all(war["name"] in text for war in row["wars"])


def test_parts_that_are_missing_leave_nothing_behind():
    assert list(searched.bounds({}, "x")) == []
    assert list(searched.no_return({})) == []
    assert list(searched.analogues({})) == []
