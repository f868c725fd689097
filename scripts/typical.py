"""
The typical-timeline test, tested: on timelines the model tells, and on decades it has not seen.

    python scripts/typical.py simulated [TIMELINES]
    python scripts/typical.py decades [CUTOFF ...]

`simulated`: timelines of four settings fixed in advance, the choices of the setting on new luck;
19 of 20 must lie inside. `decades`: the model is fitted on the record up to a cut-off and judges
the next ten years among the major powers of its last year. Both print a table in Markdown.
"""

import sys

import numpy as np

from allohistory.check.past import cut
from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.twin import Twins
from allohistory.engine.luck import stage_for
from allohistory.engine.script import script_of
from allohistory.record.names import find_state
from allohistory.search.imagine import Setting, imagine, recorded
from allohistory.search.typical import Typical, typical
from allohistory.search.walk import Work, draws_of, one_walk, walked

DRAWS = 8
DECADE = 10
CUTOFFS = (1880, 1890, 1900, 1910, 1920, 1930, 1940, 1950, 1960, 1970, 1980, 1990, 2000, 2004)
FEW = ("wars", "treaties", "rivalries")
MANY = (
    "disputes",
    "joinings",
    "war ends",
    "treaties",
    "treaty ends",
    "rivalries",
    "leaders",
    "regimes",
    "land",
)
POWERS = ("Britain", "France", "Germany", "Russia", "Japan")
SETTINGS = {
    "five powers 1901-1910: wars, treaties, rivalries": (1901, 1910, POWERS, FEW),
    "seven powers 1881-1900: wars, disputes, treaties": (
        1881,
        1900,
        (*POWERS, "Austria-Hungary", "Italy"),
        ("wars", "disputes", "treaties"),
    ),
    "eight powers 1921-1930: all kinds": (1921, 1930, (*POWERS, "Italy", "USA", "China"), MANY),
    "six powers 1951-1970: disputes, treaties and their ends, leaders, regimes": (
        1951,
        1970,
        ("USA", "Russia", "China", "Japan", "India", "Pakistan"),
        ("disputes", "treaties", "treaty ends", "leaders", "regimes"),
    ),
}


def columns(names: tuple[str, ...], year: int) -> tuple[int, ...]:
    """Columns of states."""
    return tuple(script_of().panel.index(find_state(name, year)) for name in names)


def told(setting: Setting, many: int) -> list[Typical]:
    """Timelines of one setting, told under one draw each and judged under all."""
    drawn, script, before = draws_of(DRAWS), script_of(), setting.first - 1
    stories: list[dict[int, int]] = [{}] * many
    for k, draw in enumerate(drawn):
        mine = range(k, many, DRAWS)
        for run, story in zip(mine, imagine(draw, setting, mine), strict=True):
            stories[run] = story
    scopes = [setting.scope(script, story) for story in stories]
    changes = [scope.changes for scope in scopes]
    stage, met = stage_for(setting.last), [[] for _ in scopes]
    for draw in drawn:
        twins = Twins(stage, draw, abduce(stage, draw, {before}), 1)
        for run, mine in enumerate(changes):
            met[run].append(one_walk(twins, mine, before, setting.last, run, untold=True)[0])
    return [
        typical(drawn, before, setting.last, scope.asked, np.stack(eta))
        for scope, eta in zip(scopes, met, strict=True)
    ]


def simulated(many: int) -> None:
    """Print how many of the model's own timelines come out as typical."""
    print("| Setting | Timelines | Events | Expected | Inside | Below | Above | Mean z | SD |")
    print("| :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    everything = []
    for name, (first, last, states, kinds) in SETTINGS.items():
        found = told(Setting(first, last, columns(states, first), kinds), many // len(SETTINGS))
        everything += found
        row(name, found)
    row("all", everything)


def row(name: str, found: list[Typical]) -> None:
    """One line of the table."""
    z = np.array([t.z for t in found])
    print(
        f"| {name} | {len(found)} | {np.mean([t.happened for t in found]):.1f} "
        f"| {np.mean([t.expected_happened for t in found]):.1f} "
        f"| {np.mean([t.inside for t in found]):.1%} | {(z < -1.96).mean():.1%} "
        f"| {(z > 1.96).mean():.1%} | {z.mean():+.2f} | {z.std():.2f} |",
        flush=True,
    )


def decades(cutoffs: tuple[int, ...]) -> None:
    """Print how the record's next ten years look to a model that knows it up to a cut-off."""
    script = script_of()
    panel = script.panel
    print("| Years | Major powers | Kinds | Choices | Came | Expected | Bits | Expected | z |")
    print("| :--- | ---: | :--- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for year in cutoffs:
        drawn = tuple(cut(None, year, many=24).draws)
        now = panel.row(year)
        majors = tuple(np.flatnonzero(panel.major[now] > 0).tolist())
        for kinds, said in ((MANY, "all"), (FEW, "wars, treaties, rivalries")):
            last = min(year + DECADE, 2014)
            setting = Setting(year + 1, last, majors, kinds)
            scope = setting.scope(script, recorded(script, setting))
            work = Work(drawn, (tuple(scope.changes),), last, 1, untold=True)
            t = typical(drawn, year, last, scope.asked, walked(work)[0].eta)
            mark = "" if t.inside else " *"
            print(
                f"| {year + 1}-{last} | {len(majors)} | {said} | {t.choices:,} | {t.happened} "
                f"| {t.expected_happened:.1f} | {t.bits:.0f} | {t.expected:.0f} "
                f"| {t.z:+.2f}{mark} |",
                flush=True,
            )


if __name__ == "__main__":
    what, *rest = sys.argv[1:] or ["simulated"]
    if what == "simulated":
        simulated(int(rest[0]) if rest else 1000)
    else:
        decades(tuple(int(year) for year in rest) or CUTOFFS)
