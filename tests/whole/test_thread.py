"""A discussion judged: the bundled ledger row by row, and a small one again and again."""

import copy
import json
import re

import pytest

from allohistory.answer import markdown
from allohistory.answer.store import nothing
from allohistory.executors import workers
from allohistory.thread.draft import draft_file
from allohistory.thread.evaluate import evaluate, told
from allohistory.thread.evaluate_rolls import Rolls, roll, task_of
from allohistory.thread.evaluate_verdict import UNTESTED, VERDICTS
from allohistory.thread.ledger import read_ledger
from allohistory.thread.ledger_page import alone, page

BASIS = {"record", "fitted", "elicited", "assumed"}
SMALL = """title = "A small thread"
question = "small.toml"

[[pod]]
id = "france-fires"
title = "France fires on Japan"
[[pod.step]]
force = { dispute = "force", initiator = "France", target = "Japan", year = 1905 }
note = "France uses force against Japan in 1905"

[[row]]
n = 1
who = "A"
quote = "lose big"
claim = "A defeat helps."
kind = "effect"
by = { gain = "japan-loses-1905" }
test = { above = 0.0, reads = "the defeat raises the chance" }

[[row]]
n = 2
who = "B"
quote = "happens easily"
claim = "A clash is likely."
kind = "chance"
by = { step = 1, pod = "france-fires" }
test = { above = 0.1, reads = "more than one in ten" }

[[row]]
n = 3
who = "C"
quote = "the weak"
claim = "The weak are preyed upon."
kind = "mechanism"
by = { switch = "opportunism", quantity = "disputes in the system over the horizon" }
test = { above = 0.0, reads = "there are more disputes with it" }

[[row]]
n = 4
who = "D"
quote = "not a closest partner"
claim = "The clause matters."
kind = "verdict on a goal"
by = { clause = "closest", pod = "china-wins-1894" }

[[row]]
n = 5
who = "E"
quote = "deeply unpleasant"
claim = "It costs lives."
kind = "effect"
by = { toll = "deaths", pod = "china-wins-1894" }
"""


@pytest.fixture(scope="session")
def judged(bundled):
    """Rolls of the bundled ledger, few runs."""
    ledger = read_ledger("sino-japanese-alliance")
    rolls = Rolls(ledger, bundled, task_of(ledger, bundled, ledger.plans))
    with workers(1) as many:
        return roll(rolls, many, nothing())


@pytest.mark.slow
def test_every_row_has_a_verdict_a_basis_and_a_sentence(judged):
    found = told(judged)

    assert [row["n"] for row in found["rows"]] == list(range(1, 69))
    assert sum(found["counts"].values()) == 68
    with_number = 0
    for row in found["rows"]:
        assert row["verdict"] in VERDICTS, row["n"]
        assert row["reason"].endswith((".", ")")), row["n"]
        assert len(row["reason"]) > 40, row["n"]
        if row["verdict"] == UNTESTED:
            assert "missing" in row["reason"], row["n"]
            continue
        assert set(row["basis"]) <= BASIS, row["n"]
        assert row["basis"], row["n"]
        if row["number"] is not None:
            low, high = row["interval"]
            assert low <= row["number"] <= high, row["n"]
            with_number += 1
        else:
            assert row["kind"] == "premise", row["n"]
    assert with_number + sum(row["kind"] == "premise" for row in found["rows"]) >= 64
    assert found["counts"].get(UNTESTED, 0) <= 4


@pytest.mark.slow
def test_a_row_that_rests_on_an_elicited_size_shows_what_is_left_without_it(judged):
    for row in told(judged)["rows"]:
        own = next(r for r in judged.ledger.file.row if r.n == row["n"])
        if own.rests:
            assert row["evidence"][0].startswith(f"Without the mechanism {own.rests}, ")
    patrons = next(row for row in told(judged)["rows"] if row["n"] == 61)
    assert patrons["verdict"] != "supported"


@pytest.mark.slow
def test_sentences_speak_of_no_codes(judged):
    found = told(judged)

    for row in found["rows"]:
        said = " ".join([row["reason"], row["luck"], row["reads"], *row["evidence"]])
        assert not re.search(
            r"[a-z]_[a-z]|kappa|\bnan\b|\bNone\b|\b[A-Z]{3}\b(?<!KMT)(?<!COW)", said
        ), said


@pytest.mark.slow
def test_luck_is_weighed_in_every_row_that_hangs_on_it(judged):
    """A number about a point of divergence says what the conventions on luck make of it."""
    told_of = [row for row in told(judged)["rows"] if row["conventions"]]

    assert len(told_of) > 20
    assert all(row["luck"] for row in told_of)


@pytest.mark.slow
def test_numbers_are_those_of_the_answer_and_not_the_ledgers(judged):
    """With other numbers in the answer, the rows that read it say something else."""
    before = told(judged)
    other = copy.copy(judged)
    other.answer = copy.deepcopy(judged.answer)
    for n, pod in enumerate(other.answer["pods"]):
        pod["p_goal"] = {"p": 0.9 - n / 100, "lo": 0.8 - n / 100, "hi": 0.95}
        pod["p_base"] = {"p": 0.1, "lo": 0.05, "hi": 0.2}
        pod["chain"] = {"p": 0.3, "lo": 0.2, "hi": 0.4}
        for part in pod["predicates"].values():
            part.update(p=0.77, lo=0.7, hi=0.8)
        for row in pod["effects"]:
            row.update(alternate=9.0, baseline=1.0, effect=8.0, lo=7.0, hi=9.0)
        for row in pod["reactions"]:
            for key in ("ally", "dispute", "war", "rival"):
                row[key].update(alternate=0.9, baseline=0.1, effect=0.8, lo=0.7, hi=0.9)
    after = told(other)

    changed = [
        one["n"]
        for one, two in zip(before["rows"], after["rows"], strict=True)
        if one["number"] != two["number"]
    ]
    assert {1, 11, 14, 17, 18, 19, 21, 24, 29, 39, 51, 65, 66} <= set(changed)
    by = {row["n"]: row for row in after["rows"]}
    # The same numbers bear one claim out and speak against another.
    assert by[39]["verdict"] == "supported"
    assert by[21]["verdict"] in {"against", "undecided"}


@pytest.mark.slow
def test_pages_show_every_row(judged):
    found = told(judged)
    text, web = markdown.write(page(found)), alone(found)

    assert text.count("\n### ") == 68
    assert web.count("<details>") == 68
    assert "http" not in web.split("</style>", 1)[1].replace("doi:", "")
    assert "<script" not in web
    only = markdown.write(page(found, only=[13]))
    assert only.count("\n### ") == 1


def test_the_same_bytes_from_one_worker_and_from_two(small, answer):
    path = small.parent / "small.ledger.toml"
    path.write_text(SMALL, encoding="utf-8")
    ledger = read_ledger(path)
    one, two = (evaluate(ledger, answer, jobs=jobs, cached=False) for jobs in (1, 2))

    assert json.dumps(one) == json.dumps(two)
    assert [row["n"] for row in one["rows"]] == [1, 2, 3, 4, 5]
    assert one["rows"][1]["verdict"] == "against"
    assert one["rows"][1]["interval"][1] < 0.1


def test_a_filled_draft_of_a_thread_is_computed(small, answer, tmp_path):
    """From the pasted thread over the draft, filled in by hand, to verdicts."""
    thread = tmp_path / "thread.txt"
    thread.write_text("#1\nWould a lost war help?\n#2\nJapan loses, and it dies.\n#3\nNice.")
    text = draft_file(thread).replace('question = ""', f'question = "{small.as_posix()}"')
    one, two, *rest = text.split("]\nsure = false")
    filling = (
        ']\nclaim = "It costs lives."\nkind = "effect"\n'
        'by = { toll = "deaths", region = "Here", pod = "japan-loses-1905" }\n'
        'beside = [{ toll = "share", pod = "japan-loses-1905" }]\n'
        'test = { above = 0.0, reads = "more dead" }\nsure = true'
    )
    text = one + filling + two + "".join("]\nsure = false" + part for part in rest)
    path = tmp_path / "mine.ledger.toml"
    path.write_text(text + '\n[[region]]\nname = "Here"\nstates = ["Japan", "China", "Korea"]\n')

    ledger = read_ledger(path)
    found = evaluate(ledger, answer, cached=False)
    (row,) = found["rows"]
    assert (row["n"], row["quote"]) == (1, "Would a lost war help?")
    assert row["verdict"] in VERDICTS
    low, high = row["interval"]
    assert low < row["number"] < high
    assert row["basis"] == ["record", "fitted", "elicited"]
    assert "all luck fresh" in row["conventions"]
    assert row["evidence"][0].count("%") >= 2


def test_a_search_of_the_answer_is_what_rows_about_the_best_way_read(small, answer):
    text = (
        SMALL[: SMALL.index("[[row]]")]
        + """[[row]]
n = 1
who = "A"
quote = "best way"
claim = "Which?"
kind = "sufficiency"
by = { best = "any" }
beside = [{ searched = "frontier" }, { searched = "necessity" }, { searched = "routes" }]
"""
    )
    path = small.parent / "searched.ledger.toml"
    path.write_text(text, encoding="utf-8")
    ledger = read_ledger(path)
    plain = evaluate(ledger, answer, cached=False)["rows"][0]
    assert all("--search" in said for said in plain["evidence"])

    way = answer["pods"][0] | {"id": "way", "title": "A way nobody listed", "listed": False}
    way |= {"direct": False, "p_goal": {"p": 0.97, "lo": 0.9, "hi": 0.99}}
    written = way | {"id": "pact", "title": "They sign it", "direct": True}
    searched = copy.deepcopy(answer)
    searched["best"] |= {
        "frontier": [way, written],
        "raced": {"candidates": 7},
        "necessity": [{"sentence": "A defeat was needed."}],
        "routes": [{"name": "by defeat", "share": 0.4}],
    }
    row = evaluate(ledger, searched, cached=False)["rows"][0]
    # What writes the pact itself is told and is not what is best.
    assert row["number"] == 0.97
    assert "A way nobody listed" in row["reason"]
    assert "They sign it" not in row["reason"]
    frontier, needed, routes = row["evidence"]
    assert "writes the pact itself" in frontier
    assert (needed, "by defeat (40%)" in routes) == ("A defeat was needed.", True)
