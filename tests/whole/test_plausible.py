"""`plausible` from file to page: the bundled timelines, claims as timelines, bad files."""

import json
import sys
from importlib.resources import files

import numpy as np
import pytest

from allohistory import cli
from allohistory.answer import markdown, scored
from allohistory.counterfactual.abduce import abduce
from allohistory.counterfactual.surprise import price
from allohistory.counterfactual.twin import Twins, log_chance
from allohistory.engine.luck import stage_for
from allohistory.engine.script import script_of
from allohistory.question.resolve import pose
from allohistory.question.timeline import bundled, read_text, resolve
from allohistory.record.names import find_state
from allohistory.search.imagine import Setting, imagine
from allohistory.search.plausible import judge, plausible
from allohistory.search.surprise import path_bits
from allohistory.search.typical import typical
from allohistory.search.walk import KEPT, Work, draws_of, walked

DRAWS = 8


@pytest.fixture(scope="module")
def scored_ones():
    return {name: plausible(name, draws=DRAWS) for name in bundled()}


def test_absurd_timelines_stand_out_and_the_sober_one_does_not(scored_ones):
    verdict = {name: result["typical"] for name, result in scored_ones.items()}

    assert verdict["nothing-ever-happens"]["z"] < -1.96
    assert verdict["everybody-fights"]["z"] > 1.96
    assert verdict["rome-restored"]["impossible"] > 0
    assert {name for name, t in verdict.items() if t["inside"]} == {"britain-turns-to-germany"}


def test_bits_add_and_the_weakest_link_is_the_dearest(scored_ones):
    for result in scored_ones.values():
        bits = [e["bits"] for e in result["events"]]
        assert abs(sum(bits) - result["total"]["bits"] - result["stated_bits"]) < 1e-9
        assert all(e["lo"] <= e["bits"] + 1e-3 for e in result["events"])
        if bits:
            assert bits[result["weakest"]] == max(bits)


def test_the_kinds_add_up_to_the_whole(scored_ones):
    for result in scored_ones.values():
        whole = result["typical"]
        for name in ("choices", "happened", "bits", "expected"):
            parts = sum(part[name] for part in whole["parts"].values())
            strange = whole["impossible"] * 39.863 if name == "bits" else 0
            assert abs(parts + strange - whole[name]) < 0.01


def test_the_page_says_it_in_words(scored_ones):
    text = markdown.write(scored.page(scored_ones["nothing-ever-happens"]))
    assert "suspiciously smooth" in text
    assert "lists no event" in text
    text = markdown.write(scored.page(scored_ones["everybody-fights"]))
    assert "stands out" in text
    assert "weakest link" in text
    assert "cannot tell this timeline" in markdown.write(scored.page(scored_ones["rome-restored"]))
    assert "it is typical" in markdown.write(scored.page(scored_ones["britain-turns-to-germany"]))


def test_the_chains_of_the_bundled_question_read_as_timelines():
    """Same steps, same changes; where no two of them share a shock, the same price as `ask`."""
    place = files("allohistory.question").joinpath("bundled", "sino-japanese-alliance.toml")
    _, *pods = place.read_text(encoding="utf-8").split("[[pod]]")
    question = pose("sino-japanese-alliance")
    for text, plan in zip(pods, question.plans, strict=True):
        head, *steps = text.replace("pod.step", "event").split("[[event]]")
        body = "".join(f"[[event]]{step}" for step in steps)
        timeline = resolve(read_text(f'title = "{plan.id}"\nto = 2016\n{body}'))
        assert head
        priced = {(c.where, c.force, c.step) for c in timeline.changes if c.priced}
        assert priced == {(c.where, c.force, c.step) for c in plan.changes if c.priced}
        assert [e.stated is not None for e in timeline.events] == [
            n in dict(plan.priors) for n in range(plan.steps)
        ]


def test_a_stated_probability_is_priced_apart(tmp_path):
    path = tmp_path / "t.toml"
    path.write_text(
        'title = "T"\n[[event]]\n'
        'force = { war = "Russo-Japanese War", outcome = "Russia wins" }\nprobability = 0.25\n'
        '[[event]]\nforce = { rivalry_end = ["Japan", "Russia"], year = 1907 }\n',
        encoding="utf-8",
    )
    result = plausible(path, draws=DRAWS)

    assert result["stated_bits"] == 2.0
    assert [e["tag"] for e in result["events"]] == ["assumed", "fitted"]
    assert result["total"]["bits"] == result["events"][1]["bits"]
    assert result["kinds"] == ["rivalries"]


def test_a_price_is_what_ask_says_where_no_shock_is_shared():
    question = pose("sino-japanese-alliance")
    plan = question.plan("draw-1894")
    first, last = plan.first - 1, plan.decided
    drawn, logs = draws_of(DRAWS), []
    stage = stage_for(last)
    for k, draw in enumerate(drawn):
        twins = Twins(stage, draw, abduce(stage, draw, {first}), 1)
        room = twins.room(first, last)
        slots = twins.alternate(plan.changes, KEPT, k, first, last, last, room)
        logs.append(log_chance(twins, plan, slots))

    place = files("allohistory.question").joinpath("bundled", "sino-japanese-alliance.toml")
    mine = next(
        text
        for text in place.read_text(encoding="utf-8").split("[[pod]]")
        if 'id = "draw-1894"' in text
    )
    steps = "".join(f"[[event]]{s}" for s in mine.split("[[pod.step]]")[1:])
    timeline = resolve(read_text(f'title = "T"\n{steps}'))
    _, total, _ = judge(timeline, draws=drawn)

    assert abs(total.bits - price(np.array(logs), plan.priors).bits) < 1e-9


def test_a_path_event_has_an_interval_that_holds_it():
    panel = script_of().panel
    pair = panel.index(find_state("Japan")), panel.index(find_state("China"))
    some = path_bits("dispute", pair, 1900, 20, runs=2, draws=draws_of(6))
    none = path_bits("pact", pair, 1900, 1, runs=1, draws=draws_of(4))

    assert some.low <= some.bits <= some.high
    assert some.bits < 1
    assert none.at_least or none.low <= none.bits <= none.high


@pytest.mark.slow
def test_timelines_that_the_model_tells_are_typical():
    """A small sample of what scripts/typical.py does with a thousand."""
    script = script_of()
    panel = script.panel
    names = ("Britain", "France", "Germany", "Russia", "Japan")
    states = tuple(panel.index(find_state(n)) for n in names)
    setting = Setting(1901, 1910, states, ("wars", "treaties", "rivalries"))
    drawn, found = draws_of(4), []
    for k, draw in enumerate(drawn):
        for run, story in enumerate(imagine(draw, setting, range(k, 60, 4))):
            scope = setting.scope(script, story)
            walks = (tuple(scope.changes),)
            eta = walked(Work(drawn, walks, 1910, 1, untold=True))[0].eta
            found.append(typical(drawn, 1900, 1910, scope.asked, eta))
            assert run < 15
    z = np.array([t.z for t in found])

    assert len(found) == 60
    assert (np.abs(z) <= 1.96).mean() > 0.86
    assert abs(z.mean()) < 0.45
    assert 0.7 < z.std() < 1.3


def test_workers_change_nothing():
    one = plausible("britain-turns-to-germany", draws=3, jobs=1)
    two = plausible("britain-turns-to-germany", draws=3, jobs=2)
    assert json.dumps(one) == json.dumps(two)


# ---- the command --------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def call(*words):
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["allohistory", "plausible", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return (stopped.value.code, *capsys.readouterr())

    call.place = tmp_path
    return call


def test_terminal_json_and_markdown(run):
    code, out, err = run(
        "britain-turns-to-germany", "--draws", 3, "--jobs", 1, "--markdown", "a.md"
    )
    assert (code, err) == (0, "")
    assert "weakest link" in out
    assert (run.place / "a.md").read_text(encoding="utf-8").startswith("# Britain turns")
    code, out, err = run("nothing-ever-happens", "--draws", 3, "--jobs", 1, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["typical"]["inside"] is False


EVENT = '[[event]]\nforce = { rivalry_end = ["Japan", "Russia"], year = 1907 }\n'
GROWS = 'force = { capability = "China", factor = 2.0, from = 1900, to = 1910 }\n'
BAD = {
    "no title": (EVENT, '"title"'),
    "nothing": ('title = "T"\n', "lists no event"),
    "no years": ('title = "T"\ncomplete = ["wars"]\nstates = ["Japan"]\n', '"from" is missing'),
    "no states": ('title = "T"\ncomplete = ["wars"]\nfrom = 1900\nto = 1910\n', "whom it is about"),
    "years turned round": (f'title = "T"\nfrom = 1910\nto = 1900\n{EVENT}', "before it begins"),
    "outside": (f'title = "T"\nfrom = 1910\nto = 1920\n{EVENT}', "outside the timeline's years"),
    "kind": (f'title = "T"\ncomplete = ["warz"]\n{EVENT}', '"wars"'),
    "state": (f'title = "T"\nstates = ["Japn"]\n{EVENT}', '"Japan"'),
    "twice": (f'title = "T"\nstates = ["Japan", "Nippon"]\n{EVENT}', "twice"),
    "verb": ('title = "T"\n[[event]]\ntitle = "E"\n', "exactly one verb"),
    "key": (f'title = "T"\n{EVENT}probabil = 0.5\n', '"probability"'),
    "order": (f'title = "T"\n{EVENT}{EVENT.replace("1907", "1905")}', "before the step above"),
    "no chance": (f'title = "T"\n[[event]]\n{GROWS}', "probability"),
    "no toml": ('title = "T\n', "not TOML"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_sentence(run, name):
    text, told = BAD[name]
    (run.place / "t.toml").write_text(text, encoding="utf-8")

    code, out, err = run("t.toml")

    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "t.toml" in err
    assert told in err


def test_a_bad_name_and_a_bad_place(run):
    code, _, err = run("nothing-ever-hapens")
    assert code == 2
    assert "nothing-ever-happens" in err
    code, _, err = run("nothing-ever-happens", "--markdown", "no-such/a.md")
    assert code == 2
    assert "no-such" in err
