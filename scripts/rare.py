"""
How much backward search saves: splitting against plain Monte Carlo on the core record.

    python scripts/rare.py [--repeats 100] [--small] [--only NAME]

Two questions are put. At a chance of about one in a hundred: does the mean of many runs of the
estimator lie within two standard errors of plain Monte Carlo? At about one in ten thousand: how
much cpu does plain Monte Carlo need for the same relative error? Plain runs here stop as soon as
their goal is reached or out of reach, which is the cheapest plain Monte Carlo there is.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import process_time

import numpy as np

from allohistory.engine.script import script_of
from allohistory.question.goals import GoalSpec
from allohistory.question.judged import Aim
from allohistory.search.rare import Effort, Task, work
from allohistory.search.score import Score

START = 1900


@dataclass(frozen=True, slots=True)
class Case:
    """
    A goal of the core record.

    Attributes
    ----------
    pair : (str, str)
    years, horizon : int
        A strong pact kept for so many years, each the other's closest, within so many from 1900.
    draws, runs, worlds, step : int
        Parameter draws; plain runs and worlds of a population of each; years between checkpoints.
    """

    pair: tuple[str, str]
    years: int
    horizon: int
    draws: int
    runs: int
    worlds: int
    step: int = 2

    @property
    def name(self) -> str:
        """As the table has it."""
        return f"{'-'.join(self.pair)} {self.years} of {self.horizon} years"

    @property
    def aim(self) -> Aim:
        """For the search."""
        panel = script_of().panel
        a, b = (panel.index(i) for i in self.pair)
        return Aim((a, b), GoalSpec(self.years), self.horizon, START + self.horizon)

    def task(self, draw: int, population: int = 0, score: Score | None = None) -> Task:
        """What one worker does."""
        effort = Effort(self.draws, self.runs, self.worlds, 2, self.step)
        return Task(self.aim, START, effort, draw, population, score)


COMMON = Case(("JPN", "CHN"), 5, 20, draws=10, runs=300, worlds=15)
RARE = (
    Case(("FRN", "GMY"), 15, 20, draws=20, runs=40, worlds=100),
    Case(("CHN", "RUS"), 15, 20, draws=20, runs=40, worlds=100),
    Case(("JPN", "CHN"), 18, 20, draws=20, runs=40, worlds=100),
)


def measured(case: Case, repeats: int) -> Iterator[str]:
    """
    Measure a case: plain runs, a score learned from them, and so many runs of the estimator.

    One run of the estimator is a population under every draw.
    """
    work(replace(case, runs=1).task(0))  # compiled kernels and tables are not what is measured
    begun = process_time()
    every = [work(case.task(d)) for d in range(case.draws)]
    cost = (process_time() - begun) / (case.draws * case.runs)
    score = Score.blank(case.years).learned([lesson for h in every for lesson in h.lessons])
    begun = process_time()
    found = np.array(
        [[work(case.task(d, n, score)).p for d in range(case.draws)] for n in range(1, repeats + 1)]
    )
    spent = (process_time() - begun) / repeats
    by_draw = np.array([h.p for h in every])
    plain = float(by_draw.mean())
    plain_error = float(np.sqrt((by_draw * (1 - by_draw)).sum() / (case.runs - 1)) / case.draws)
    mean = float(found.mean())
    # Populations of a draw differ by the luck of the search alone.
    one = float(np.sqrt(found.var(axis=0, ddof=1).sum()) / case.draws)
    error = one / np.sqrt(repeats)
    yield f"{case.name}: {case.draws} draws, {repeats} runs of the estimator"
    yield f"  plain      {plain:.3g} +- {plain_error:.2g} ({case.draws * case.runs} runs)"
    yield f"  splitting  {mean:.3g} +- {error:.2g}"
    if plain > 0:
        apart = (mean - plain) / np.hypot(error, plain_error)
        yield f"  apart      {apart:+.2f} standard errors"
    else:
        yield f"  plain expects {mean * case.draws * case.runs:.2f} runs that reach the goal"
    if mean > 0:
        runs = mean * (1 - mean) / one**2
        cpu = runs * cost
        yield f"  one run    relative error {one / mean:.2f}, cpu {spent:.1f} s"
        yield f"  for the same error plain needs {runs:.0f} runs, cpu {cpu:.1f} s"
        yield f"  saved      {cpu / spent:.1f} times"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--small", action="store_true", help="one case, few runs")
    parser.add_argument("--only", default="", help="cases whose name holds this")
    given = parser.parse_args()
    cases = [COMMON, *RARE]
    if given.small:
        cases = [replace(COMMON, draws=2, runs=20, worlds=6)]
    for case in cases:
        if given.only in case.name:
            for line in measured(case, given.repeats):
                print(line, flush=True)


if __name__ == "__main__":
    main()
