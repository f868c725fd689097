"""Closeness on the record: rankings every historian would expect, and the memories behind it."""

import numpy as np
import pytest

from allohistory import world as w
from allohistory.engine.luck import reset, stage, trace
from allohistory.engine.run import History
from allohistory.model.parameters import blank
from allohistory.question import behaviour, yardstick
from allohistory.question.closeness import closeness, closest_major, nearest

FIRST = 1860
RIVALS_TO_THE_YARDSTICK = [
    ("RUS", "CHN", 1950, 1980),
    ("UKG", "JPN", 1902, 1921),
    ("FRN", "RUS", 1893, 1917),
    ("GMY", "ITA", 1936, 1943),
    ("JPN", "CHN", 1918, 1918),
]


class Record:
    """The record's own history and the scores of all states."""

    def __init__(self):
        s = stage(FIRST, 2016)
        reset(s, s.script.start)
        self.history = trace(s, blank())
        self.geography = s.geography
        self.states = s.script.panel.states
        self.scores = closeness(self.history, self.geography, np.arange(len(self.states)))

    def at(self, state):
        return self.states.index(state)

    def mean(self, a, b, start, end):
        rows = slice(start - FIRST, end - FIRST + 1)
        c = self.scores.closeness
        return (c[rows, self.at(a), self.at(b)] + c[rows, self.at(b), self.at(a)]).mean() / 2

    def closest(self, state, year):
        i = self.at(state)
        k = closest_major(self.history, self.scores, i, i, year - FIRST)
        return self.states[k] if k >= 0 else None

    def yardstick(self):
        pair = (self.at("UKG"), self.at("FRN"))
        return yardstick.yardstick(self.history, self.geography, FIRST, pair, 1904)


@pytest.fixture(scope="module")
def record():
    return Record()


@pytest.mark.slow
@pytest.mark.parametrize(("a", "b", "start", "end"), RIVALS_TO_THE_YARDSTICK)
def test_britain_and_france_since_1947_rank_above(record, a, b, start, end):
    assert record.mean("UKG", "FRN", 1947, 2016) > record.mean(a, b, start, end) + 0.05


@pytest.mark.slow
def test_moscow_and_beijing_were_close_in_the_fifties_and_enemies_in_the_seventies(record):
    assert record.mean("RUS", "CHN", 1952, 1958) > 0.25
    assert record.mean("RUS", "CHN", 1970, 1980) < 0.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("state", "year", "closest"),
    [
        ("FRN", 1900, "RUS"),
        ("JPN", 1905, "UKG"),
        ("AUH", 1910, "GMY"),
        ("GMY", 1910, "AUH"),
        ("UKG", 1930, "FRN"),
        ("ITA", 1941, "GMY"),
        ("GMY", 1960, "USA"),
        ("UKG", 1960, "USA"),
        ("USA", 1960, "UKG"),
        ("JPN", 1980, "USA"),
        ("CHN", 1955, "RUS"),
        ("CHN", 1905, None),
    ],
)
def test_closest_major(record, state, year, closest):
    assert record.closest(state, year) == closest


@pytest.mark.slow
def test_milestones_of_the_yardstick(record):
    years = dict(zip(yardstick.RULES, record.yardstick().years, strict=True))
    assert years == {
        "a first tie": 1904,  # the Entente Cordiale
        "good will outweighs old quarrels": 1906,  # Algeciras
        "fighting on the same side": 1914,
        "a strong pact": 1914,  # the Declaration of London
        "each the other's closest": 1917,  # Russia gone
        "ten years of firm pact": 1934,  # Locarno 1925
        "reliable for ten years": 1962,
        "twenty years of firm pact": 1966,  # Dunkirk 1947
        "fifty years of firm pact": 1996,
    }
    passed = list(years.values())
    assert passed == sorted(passed)


@pytest.mark.slow
def test_the_war_years_are_a_lapse(record):
    stick = record.yardstick()
    assert stick.lapses == (1940, 1941, 1942, 1943, 1944)
    assert record.mean("UKG", "FRN", 1941, 1943) == pytest.approx(0.0, abs=1e-9)
    assert record.mean("UKG", "FRN", 1940, 1944) < record.mean("UKG", "FRN", 1935, 1939) / 2


@pytest.mark.slow
def test_a_late_start_with_memories_gives_the_same_scores(record):
    who = np.array([record.at("JPN"), record.at("CHN")])
    row = 1900 - FIRST
    past = behaviour.past_at(record.history, record.geography, who, row)
    later = History(*(np.ascontiguousarray(field[row:]) for field in record.history))
    scores = closeness(later, record.geography, who, past)
    # A call of 1899 would be answered in 1900 at the latest: nothing else looks back.
    np.testing.assert_array_equal(scores.closeness[2:], record.scores.closeness[row + 2 :, who])
    np.testing.assert_array_equal(scores.free, record.scores.free[row:])


@pytest.mark.slow
def test_scores_stay_in_their_range(record):
    c = record.scores.closeness
    assert c.max() <= 1.0
    assert c.min() >= -0.75
    assert (np.diagonal(c, axis1=1, axis2=2) == 0).all()


def test_no_one_is_close_to_a_state_out_of_the_system():
    h = History.empty(3, 3, 3)
    h.unit[:, w.OWNER] = np.arange(3)
    h.unit[:, w.HELD] = w.AS_HOME
    h.status[:, w.ACTIVE, :2] = 1
    h.status[:, w.PATRON] = w.NOBODY
    h.link[:, w.ALLY] = 2
    g = w.Geography(
        state_hash=np.arange(3, dtype=np.uint64),
        unit_hash=np.arange(3, dtype=np.uint64),
        home=np.arange(3),
        distance=np.zeros((3, 3)),
        start=np.zeros(4, np.int64),
        near=np.zeros(0, np.int64),
        kind=np.zeros(0, np.int64),
        people=np.ones(3),
        tracked=np.zeros(3, np.int64),
    )
    scores = closeness(h, g, np.array([0, 1]))
    assert (scores.closeness[:, 0, 1] > 0).all()
    assert (scores.closeness[:, :, 2] == 0).all()


@pytest.mark.slow
def test_the_closest_major_of_some_rows_is_that_of_the_whole_path(record):
    who = np.array([record.at("JPN"), record.at("FRN"), record.at("POR")])
    split, end = 1930 - FIRST, 1960 - FIRST
    past = behaviour.past_at(record.history, record.geography, who, split)
    h = record.history
    later = History(h.state[split:], h.status[split:], h.link[split:], h.unit[split:], h.tie)

    whole, _ = nearest(h, record.geography, who, (end, end))
    rolled, rank = nearest(later, record.geography, who, (end - split, end - split), past)

    asked = [closest_major(h, record.scores, i, i, end) for i in who]
    assert whole[0].tolist() == rolled[0].tolist() == asked
    assert record.states[rolled[0, 0]] == "USA"
    no_major = h.status[end, w.MAJOR] == 0
    assert not rank[0][:, no_major].any()
