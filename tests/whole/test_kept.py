"""Runs kept on disk and rolled elsewhere: the same bytes, and only what changed is rolled."""

import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from allohistory import executors
from allohistory.answer import stream
from allohistory.answer.keys import world_hash
from allohistory.answer.store import VARIABLE, folder
from allohistory.answer.work import Ask, Job, Piece, roll
from allohistory.ask import ask
from allohistory.counterfactual.intervention import Change, Plan
from allohistory.errors import QuestionError, RecordError
from allohistory.question.goals import GoalSpec

DRAWS = [(0,), (1,), (2,), (3,), (4, 5, 6, 7)]
"""Parameter draws of the pieces of an ask with eight runs."""


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache of this test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv(VARIABLE, "64")
    return folder


@pytest.fixture
def rolled(monkeypatch):
    """What was rolled: (draws, units) of each job."""
    jobs = []

    def note(job):
        jobs.append((job.piece.draws, [u if isinstance(u, int) else u.id for u in job.units]))
        return roll(job)

    monkeypatch.setattr(stream, "roll", note)
    return jobs


def text(answer):
    return json.dumps(answer)


def test_the_cache_empty_full_damaged_or_off_gives_the_same_bytes(small, answer, cache, rolled):
    cold = ask(small, runs=8)
    assert [draws for draws, _ in rolled] == DRAWS
    warm = ask(small, runs=8)
    assert len(rolled) == len(DRAWS), "nothing is rolled twice"
    files = sorted(cache().iterdir())
    for n, path in enumerate(files):
        if n % 3 == 0:
            path.write_bytes(path.read_bytes()[:-7])
        if n % 3 == 1:
            path.unlink()
    damaged = ask(small, runs=8)
    assert len(rolled) > len(DRAWS)
    off = ask(small, runs=8, cached=False)

    assert text(cold) == text(warm) == text(damaged) == text(off) == text(answer)
    assert len(sorted(cache().iterdir())) == len(files)


@pytest.mark.usefixtures("cache")
def test_only_what_changed_is_rolled(small, rolled, tmp_path):
    first = ask(small, runs=8)
    rolled.clear()
    words = small.read_text(encoding="utf-8")
    other = tmp_path / "other.toml"
    other.write_text(
        words.replace('outcome = "China wins", margin = "decisive"', 'outcome = "China wins"')
        .replace('id = "japan-inclines"', 'id = "renamed"')
        .replace('title = "Japan loses', 'title = "In which Japan loses'),
        encoding="utf-8",
    )

    changed = ask(other, runs=8)

    assert rolled == [(draws, ["china-wins-1894"]) for draws in DRAWS]
    assert text(changed) == text(ask(other, runs=8, cached=False))
    was, now = ({p["year"]: p["p_goal"] for p in a["pods"]} for a in (first, changed))
    assert was[1905] == now[1905]


CHANGE = Change(1, 1905, 7, 8, force=1)
PLAN = Plan("one", "One", (CHANGE,))
TASK = Ask((PLAN,), (0, 1), (2, 3), 1904, 1900, 20, GoalSpec(), 1, draws=8, fresh=1, every=4)


def key(task, plan=PLAN, piece=Piece((0,), 0)):  # noqa: B008 - frozen
    return stream.Stream(task, None, None, None).names[0], stream.key_of_unit(
        stream.key_of(stream.asked(task), stream.content(plan)), task, piece, plan
    )


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 2},
        {"off": ("standing",)},
        {"elicited": False},
        {"horizon": 21},
        {"pair": (0, 2)},
        {"yard": (2, 4)},
        {"yard_from": 1905},
        {"spec": GoalSpec(years=10)},
        {"watched": (0, 1)},
    ],
    ids=str,
)
def test_what_a_run_depends_on_is_in_its_key(change):
    base, plan = key(TASK)
    other_base, other_plan = key(replace(TASK, **change))

    assert plan != other_plan
    assert base != other_base, "so it is for fresh runs without a plan"


def test_a_plans_content_is_in_its_key_and_its_name_is_not():
    same = replace(PLAN, id="two", title="Two", claims=(3,), assumptions=("So.",))
    moved = [
        replace(CHANGE, **{name: value})
        for name, value in (
            ("process", 2),
            ("year", 1906),
            ("second", 9),
            ("force", None),
            ("shift", 0.5),
            ("step", 1),
            ("priced", False),
        )
    ]
    keys = {key(TASK, replace(PLAN, changes=(c,)))[1] for c in (CHANGE, *moved)}

    assert key(TASK, same) == key(TASK)
    assert len(keys) == 1 + len(moved)
    assert key(TASK, piece=Piece((1,), 0)) != key(TASK)


def test_a_place_that_cannot_be_written_stops_nothing(small, answer, cache):
    cache().parent.mkdir(parents=True)
    cache().write_text("in the way")
    warned = []

    found = ask(small, runs=8, warn=warned.append)

    assert text(found) == text(answer)
    assert len(warned) == 1


def test_progress_tells_a_first_chance_early(small):
    said = []

    ask(small, runs=8, say=lambda *words: said.append(words))

    first = next(words for words in said if words[0].startswith("after"))
    assert first[1:] == (2, 8)
    assert re.fullmatch(
        r"after 2 of 8 draws, if nothing changes: [<>]?\d+% \([<>]?\d+% to [<>]?\d+%\)", first[0]
    )


# ---- executors --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tcp://somewhere:8786", "dask:8786", "ray:tcp://a:1", "dask:"])
def test_an_executor_of_no_known_kind_is_refused(name):
    with pytest.raises(QuestionError, match="dask:tcp://HOST:PORT"), executors.workers(1, name):
        pass


def test_without_the_library_a_cluster_is_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(QuestionError, match=r"allohistory\[dask\]"),
        executors.workers(1, "dask:tcp://127.0.0.1:1"),
    ):
        pass


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("protocol", ["tcp", "tls"])
def test_a_cluster_that_does_not_answer_is_refused(monkeypatch, protocol):
    pytest.importorskip("distributed", reason="distributed is not installed")
    monkeypatch.setattr(executors, "PATIENCE", 1)
    with (
        pytest.raises(QuestionError, match="no Dask scheduler answers"),
        executors.workers(1, f"dask:{protocol}://127.0.0.1:1"),
    ):
        pass


def test_a_worker_with_other_sources_is_refused():
    job = Job(
        Ask((), (0, 1), (0, 1), 1904, 1900, 5, GoalSpec(), 1), Piece((0,), 0), (1900,), "other"
    )
    assert job.sources != world_hash()
    with pytest.raises(RecordError, match="another version"):
        roll(job)


def test_results_come_in_order_and_few_are_under_way():
    class Slow(executors.Here):
        begun = 0

        def submit(self, fn, /, *args, **kwargs):
            self.begun += 1
            return super().submit(fn, *args, **kwargs)

    pool = Slow()
    many = executors.Workers(pool, 3, many=True)
    for n, value in enumerate(many.map(abs, range(20))):
        assert value == n
        assert pool.begun <= n + 3


def test_threads_of_one_process_never_roll_at_once():
    busy, most = [0], [0]

    def work(_):
        busy[0] += 1
        most[0] = max(most[0], busy[0])
        time.sleep(0.002)
        busy[0] -= 1

    with ThreadPoolExecutor(4) as threads:
        pool = executors.Workers(executors.OneAtATime(threads), 8, many=True)
        list(pool.map(work, range(24)))
    assert most == [1]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_law_8_the_same_bytes_from_a_cluster_of_two_workers(small, answer):
    distributed = pytest.importorskip("distributed", reason="distributed is not installed")
    warned = []
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None
    ) as cluster:
        found = ask(
            small,
            runs=8,
            executor=f"dask:{cluster.scheduler_address}",
            cached=False,
            warn=warned.append,
        )

    assert text(found) == text(answer)
    assert len(warned) == 1
    assert "runs code" in warned[0]
