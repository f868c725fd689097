"""Backward search: unbiased whatever the score, lifts and routes that can be counted by hand."""

import dataclasses

import numpy as np
import pytest

from allohistory import world as w
from allohistory.chance import chance
from allohistory.errors import QuestionError
from allohistory.model import terms as m
from allohistory.question.goals import (
    ALLOWED,
    FIRM,
    INDEPENDENT,
    M_TOGETHER,
    MUTUAL,
    GoalSpec,
    together,
)
from allohistory.question.resolve import pose
from allohistory.search import backward as bw
from allohistory.search import happenings as hp
from allohistory.search.feasible import impossible
from allohistory.search.particle import FEATURES, PROGRESS, REACHED, missing
from allohistory.search.rare import Effort, estimate, rare
from allohistory.search.reached import Names, bounds, field_of, rival_until
from allohistory.search.routes import routes
from allohistory.search.score import Lesson, Score, shrunken
from allohistory.search.split import Harvest, Reached, plain, split, systematic, tilts

GOOD = INDEPENDENT | FIRM | ALLOWED


# ---- how much is missing -----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(30))
def test_missing_is_the_fewest_good_years_that_reach_the_goal(seed):
    rng = np.random.default_rng(seed)
    spec = GoalSpec(int(rng.integers(2, 8)), float(rng.choice([0.0, 0.5, 0.8, 1.0]))).array()
    past = np.where(rng.random(10) < 0.8, GOOD, 0) | np.where(rng.random(10) < 0.6, MUTUAL, 0)
    past = past.astype(np.uint16)
    if together(past, spec)[1]:
        return
    n = 0
    flags = past
    while not together(flags, spec)[1]:
        n += 1
        flags = np.concatenate([past, np.full(n, GOOD | MUTUAL, np.uint16)])

    assert missing(past, 10, spec) == n


# ---- splitting a chain that can be solved --------------------------------------------------------


class Chain:
    """A walk that rises with probability q or falls back to 0; the goal is to rise 6 in a row."""

    q, years, need = 0.2, 14, 6

    def exact(self):
        p = np.zeros(self.need + 1)
        p[0] = 1.0
        for _ in range(self.years):
            after = np.zeros_like(p)
            after[-1] = p[-1]
            after[0] = p[:-1].sum() * (1 - self.q)
            after[1:] += p[:-1] * self.q
            p = after
        return p[-1]

    def split(self, score, many, seed):
        from allohistory.search.split import resampled

        @dataclasses.dataclass(frozen=True)
        class Walker:
            weight: float
            height: int

        rng = np.random.default_rng(seed)
        living, p = [Walker(1.0, 0)] * many, 0.0
        for _ in range(self.years):
            up = rng.random(len(living)) < self.q
            moved = [
                Walker(x.weight, x.height + 1 if u else 0) for x, u in zip(living, up, strict=True)
            ]
            p += sum(x.weight for x in moved if x.height == self.need) / many
            living = [x for x in moved if x.height < self.need]
            h = score(np.array([x.height for x in living]))
            living = resampled(living, h, many, rng.random())
        return p


@pytest.mark.parametrize("kind", ["good", "flat", "perverse"])
def test_the_estimate_is_unbiased_whatever_the_score(kind):
    chain, scores = Chain(), {"good": 4.0, "flat": 1.0, "perverse": 0.7}
    base = scores[kind]
    found = np.array([chain.split(lambda x: base**x, 200, seed) for seed in range(400)])
    error = found.std(ddof=1) / np.sqrt(len(found))

    assert abs(found.mean() - chain.exact()) < 3.5 * error
    if kind == "good":
        assert found.std() < 0.5 * np.sqrt(chain.exact() / 200), "splitting must help"


def test_systematic_draws_keep_to_their_shares():
    mass = np.array([0.1, 2.3, 0.0, 1.6])
    for u in (0.0, 0.3, 0.99):
        counts = np.bincount(systematic(mass, 40, u), minlength=4)
        assert np.abs(counts - 10 * mass).max() < 1.0 + 1e-9


def test_draws_are_strata_and_populations_are_compared():
    found = [[Harvest(p, 10, (), (), 0) for p in row] for row in ([0.1, 0.3], [0.3, 0.3])]
    p, error = estimate(found)

    assert np.allclose(p, [0.2, 0.3])
    # Variance of a mean of two: 0.02 / 2 in the first draw, nothing in the second.
    assert error == pytest.approx(np.sqrt(0.01) / 2)


# ---- the score -----------------------------------------------------------------------------------


def test_a_score_learns_what_spells_begin_with():
    rng = np.random.default_rng(0)
    lessons = []
    for _ in range(400):
        x = np.zeros((30, len(FEATURES)), np.float32)
        x[:, 0] = 1.0
        x[:, FEATURES.index("common threat")] = threat = rng.integers(2)
        for y in range(1, 30):
            stays = x[y - 1, PROGRESS] > 0 and rng.random() < 0.9
            begins = x[y - 1, PROGRESS] == 0 and rng.random() < (0.08 if threat else 0.01)
            x[y, PROGRESS] = min(x[y - 1, PROGRESS] + 0.05, 1.0) if stays or begins else 0.0
        lessons.append(Lesson(1.0, x))
    score = Score.blank(20).learned(lessons)

    x = np.zeros((4, len(FEATURES)))
    x[:, 0] = 1.0
    x[1, FEATURES.index("common threat")] = 1.0
    x[2, PROGRESS], x[3, PROGRESS] = 0.25, 0.75
    calm, threatened, early, late = score(x, np.full(4, 40))

    assert threatened > 2 * calm
    assert calm < early < late < 1.0
    assert late == pytest.approx(0.9**5, abs=0.15)
    assert score(x, np.full(4, 10))[0] < 1e-6, "too few years are left for a whole spell"


def test_shrinkage_keeps_to_what_is_declared_where_nothing_was_seen():
    centre = np.array([-2.0, 0.7])
    nothing = shrunken(np.zeros((0, 2)), np.zeros(0), np.zeros(0), centre)

    assert np.allclose(nothing, centre)


# ---- from worlds of the goal back ----------------------------------------------------------------


def world(weight, begins, *events, run=0):
    rows = np.array(events, np.int32).reshape(-1, 4)
    return Reached(weight, ((1901, run),), begins, rows)


LOST_A = (hp.DEFEAT, hp.A, -1)
FOE = 3


@pytest.fixture
def field():
    """Two draws; three quarters of the goal's weight after a defeat of A, against state 3."""
    goal = [
        (0, Harvest(0, 1, (world(3.0, 10, (*LOST_A, 5), (hp.COMMON, hp.BOTH, FOE, 7)),), (), 0)),
        (1, Harvest(0, 1, (world(1.0, 10, (*LOST_A, 12), run=1),), (), 0)),
    ]
    every = [
        Harvest(0, 4, (world(1, -1, (*LOST_A, 3)), *[world(1, -1)] * 3), (), 0),
        Harvest(0, 4, (world(1, -1, (*LOST_A, 11)), *[world(1, -1)] * 3), (), 0),
    ]
    return field_of(goal, every, 1900, 0)


@pytest.fixture
def names():
    return Names(("JPN", "CHN", "KOR", "RUS"), (0, 1), 1900)


def test_an_event_counts_only_before_the_spell_and_is_held_against_the_same_years(field, names):
    row = next(r for r in bw.compared(field, names) if "loses" in r["event"])

    # 3 of 4 of the weight; of all worlds one in eight by row 10.
    assert row["share"] == 0.75
    assert row["all"] == 0.125
    assert row["lift"] == pytest.approx((0.75 + 1 / 16) / (0.125 + 1 / 16), abs=0.01)
    assert row["ess"] == 1.0
    assert row["lo"] < row["lift"] < row["hi"]
    assert bw.lifts(field, names) == [], "two worlds prove nothing"


def test_a_common_rival_counts_as_long_as_there_is_one(field, names):
    events = np.array([(hp.COMMON, hp.BOTH, FOE, 2), (hp.UNCOMMON, hp.BOTH, FOE, 4)], np.int32)
    row = next(r for r in bw.compared(field, names) if r["event"] == "Russia is a rival of both")

    assert rival_until(events, FOE, 6).tolist() == [False, False, True, True, False, False]
    assert (row["share"], row["all"]) == (0.75, 0.0)


def test_intervals_know_how_few_families_there_are(field):
    """Two draws that agree bootstrap to a point; two worlds do not make it certain."""
    again, share = field.share(np.ones(2, np.bool_))

    assert again.min() == again.max() == share == 1.0
    assert bounds(field, again, share)[0] < 0.5


def test_routes_are_named_by_rule_and_share_out_all_worlds(field, names):
    found = routes(field, names)

    assert [(r["name"], r["share"]) for r in found] == [
        ("after a defeat of Japan, against Russia", 0.75),
        ("without a defeat, with no common rival", 0.25),
    ]
    assert found[0]["example"]["spell_from"] == 1910
    assert found[0]["example"]["events"] == [
        [1905, "Japan loses a war"],
        [1907, "Russia is a rival of both"],
    ]


def test_necessity_is_the_share_without(field, names):
    rows = {r["event"]: r for r in bw.necessity(field, names)}

    assert rows["a defeat of Japan"]["share_without"] == 0.25
    assert rows["a common rival"]["share_without"] == 0.25
    assert rows["a war between Japan and China"]["share_without"] == 1.0
    assert "do so without a defeat of Japan before it." in rows["a defeat of Japan"]["sentence"]


# ---- feasibility ---------------------------------------------------------------------------------


def test_what_membership_forbids_is_said_at_once():
    question = pose("sino-japanese-alliance")
    from allohistory.engine.script import script_of
    from allohistory.question.judged import Aim, spec_of

    panel = script_of().panel
    aim = Aim(question.pair, spec_of(question), 50, panel.last)
    assert impossible(aim, 1900) == ""
    assert "19 years" in impossible(aim, panel.last - 18)
    same = dataclasses.replace(aim, pair=(panel.index("AUH"), panel.index("AUS")))
    assert "homeland" in impossible(same, 1900)
    late = dataclasses.replace(aim, pair=(panel.index("JPN"), panel.index("PAK")), horizon=20)
    assert "Pakistan would have to enter" in impossible(
        dataclasses.replace(late, spec=GoalSpec(21)), 1900
    )

    told = rare(dataclasses.replace(question, horizon=10), 1900)
    assert told["feasible"]["possible"] is False
    assert told["p_goal"]["p"] == 0.0


def test_too_small_an_effort_is_refused():
    with pytest.raises(QuestionError, match="two populations"):
        rare(pose("sino-japanese-alliance"), effort=Effort(populations=1))


# ---- the whole, small ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def easy():
    """Japan and China closest for 5 years within 20: one world in a hundred."""
    question = pose("sino-japanese-alliance")
    goal = dataclasses.replace(question.goal, years=5)
    return dataclasses.replace(question, goal=goal, horizon=20, exclude=())


SMALL = Effort(draws=4, runs=20, worlds=20, populations=2, step=4)


@pytest.mark.slow
def test_the_same_on_any_number_of_workers(easy):
    assert rare(easy, 1900, effort=SMALL) == rare(easy, 1900, effort=SMALL, jobs=2)


@pytest.mark.slow
def test_splitting_agrees_with_plain_runs(easy):
    found = rare(easy, 1900, effort=Effort(draws=20, runs=60, worlds=40, step=4))

    assert 0.003 < found["p_goal"]["p"] < 0.03
    assert abs(found["agreement"]["z"]) < 3.0
    # For so short a spell splitting saves next to nothing (scripts/rare.py): it must not lose much.
    assert 0.0 < found["p_goal"]["error"] < 1.5 * found["plain"]["error"]
    assert sum(r["share"] for r in found["routes"]) == pytest.approx(1.0, abs=0.001)
    assert all(r["lo"] <= r["lift"] <= r["hi"] for r in found["lifts"])


@pytest.fixture(scope="module")
def ground(easy):
    from allohistory.question.judged import Aim, Draw, spec_of
    from allohistory.search.particle import Soil

    aim = Aim(easy.pair, spec_of(easy), easy.horizon, 1900 + easy.horizon, 3)
    draw = Draw.of(aim, 2, {1900})
    return draw, Soil.of(draw, 1900)


@pytest.mark.parametrize("step", [1, 3, 20])
def test_a_particle_is_judged_as_the_whole_run_is(ground, step):
    """However it is cut up; the years of a plain run are those of the run of that number."""
    draw, soil = ground
    for run in range(20):
        p = soil.grow(soil.seedling(), step, run, keep=False)
        while p.row < soil.rows - 1:
            p = soil.again(p, step)
        judged = draw.free(1900, run)

        assert np.array_equal(p.flags, judged.verdict.flags)
        assert (p.fate == REACHED) == judged.reached


def test_a_particle_is_its_list_of_segments(ground):
    """A world of a population, told again from history with nothing but its segments."""
    from allohistory.engine import gate as g
    from allohistory.engine.luck import reset, seat_segments, walk
    from allohistory.engine.run import History
    from allohistory.question.goals import verdict

    draw, soil = ground
    found = split(soil, lambda x, _left: 0.01 + x[:, PROGRESS], 2, 1, many=40, step=4)
    p = soil.stage.script.panel
    for world in (*found.worlds, *_kept_alive(soil)):
        room = History.empty(soil.rows, len(p.states), len(p.units))
        reset(soil.stage, soil.origin)
        seat_segments(soil.stage, soil.seed, world.segments)
        walk(soil.stage, soil.parameters, room, 1900, soil.last, mode=g.FRESH, fresh_after=1900)
        judged = verdict(room, soil.stage.geography, draw.aim.pair, draw.aim.spec, soil.past)
        row = getattr(world, "row", None)
        if row is None:
            assert judged.met[M_TOGETHER]
        else:
            assert np.array_equal(world.flags[:row], judged.flags[:row])


def _kept_alive(soil):
    """Worlds grown in four steps from one another."""
    for k in range(6):
        p = soil.seedling()
        for n in range(4):
            p = soil.grow(p, 4, 100 * k + n) if p.world is not None else p
        yield p


def test_tilted_runs_have_weights_that_average_to_one(ground):
    """The likelihood ratio against the untilted model, summed over the pair's own choices."""
    _, soil = ground
    soil.changes = tilts(soil, {m.FOUND_STRONG: 1.5, m.RIVAL_END: 0.7, m.DISPUTE: -0.5})
    soil.settle()
    try:
        found = plain(soil, 2, 400, 5)
        repeat = plain(soil, 2, 5, 5)
    finally:
        soil.changes = ()
        soil.settle()
    weight = np.array([world.weight for world in found.worlds])

    assert weight.std() > 0.1, "the tilt must weigh something"
    assert abs(weight.mean() - 1.0) < 3.5 * weight.std() / np.sqrt(len(weight))
    assert np.array_equal(weight[:5], [world.weight for world in repeat.worlds])
    assert {world.weight for world in plain(soil, 2, 5, 5).worlds} == {1.0}


def test_chances_below_a_hundred_thousandth_keep_their_digits():
    assert chance([1], [3_000_000], 12)["p"] == pytest.approx(1 / 3e6)
    assert w.NOBODY == hp.NOBODY


@pytest.mark.slow
def test_the_measurement_prints_its_table(capsys, monkeypatch):
    import runpy
    import sys
    from pathlib import Path

    script = Path(__file__).parents[2] / "scripts" / "rare.py"
    monkeypatch.setattr(sys, "argv", [str(script), "--small", "--repeats", "4"])
    runpy.run_path(str(script), run_name="__main__")
    told = capsys.readouterr().out

    assert told.startswith("JPN-CHN 5 of 20 years: 2 draws, 4 runs of the estimator")
    assert "  splitting  " in told
