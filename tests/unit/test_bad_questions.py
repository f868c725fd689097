"""Every mistake in a question file is one sentence with file, line, key and what to write."""

import re

import pytest

from allohistory.errors import QuestionError
from allohistory.question.read import read_text
from allohistory.question.resolve import resolve

GOOD = """question = "Could they?"
pair = ["Japan", "China"]
divergence = { from = 1900, to = 1999, grace = 20 }
horizon = 50
[goal]
firm = { level = 2 }
lasting = { years = 20 }
[[exclude]]
when = "both allied to USA"
[[pod]]
id = "a"
title = "A"
[[pod.step]]
force = { war = "Russo-Japanese War", outcome = "Russia wins", margin = "decisive" }
"""
STEP = 'force = { war = "Russo-Japanese War", outcome = "Russia wins", margin = "decisive" }'
THEN = "[[pod.step]]\n"
PREVENT = 'prevent = { war = "Russo-Japanese War" }\n'
TREATY = 'force = { treaty = "T", members = ["Japan", "China"], year = 1910, obligations = %s }'

CASES = {
    "pair": ('"Japan", "China"]', '"Japn", "China"]', 2, "pair", '"Japan"'),
    "same state twice": ('"Japan", "China"]', '"Japan", "Nippon"]', 2, "pair", "the same state"),
    "unclosed": ('"Japan", "China"]', '"Japan", "China"', 2, "pair", "not TOML"),
    "no value": ("horizon = 50", "horizon = ", 4, "horizon", "not TOML"),
    "text for number": ("horizon = 50", 'horizon = "50"', 4, "horizon", "write 50 instead"),
    "key": ("horizon = 50", "horizn = 50", 4, "horizn", '"horizon"'),
    "horizon": ("horizon = 50", "horizon = 15", 7, "goal.lasting", "15"),
    "window": ("to = 1999", "to = 1899", 3, "divergence", "before it begins"),
    "level": ("level = 2", "level = 3", 6, "goal.firm.level", "write 1 or 2"),
    "clause": ("both allied to", "both fond of", 9, "exclude[0].when", '"both allied to USA"'),
    "third state": ("to USA", "to Amerika", 9, "exclude[0].when", '"America"'),
    "id": ('"a"', '"A b"', 11, "pod[0].id", '"a-b"'),
    "missing key": ('title = "A"\n', "", 10, "pod[0]", '"title" is missing'),
    "no step": (THEN + STEP, "", 10, "pod[0]", '"step" is missing'),
    "verb": ("force =", "forec =", 14, "pod[0].step[0].forec", '"force"'),
    "kind of step": ("{ war =", "{ wra =", 14, "pod[0].step[0].force", '"war"'),
    "word": ('"decisive"', '"decisiv"', 14, "pod[0].step[0].force.margin", '"decisive"'),
    "war": ("Russo-Japanese", "Russo-Japaneze", 14, "force.war", '"Russo-Japanese War"'),
    "outcome": ("Russia wins", "Rusia wins", 14, "force.outcome", '"Russia wins"'),
    "no party": ("Russia wins", "France wins", 14, "force.outcome", '"Japan wins"'),
    "two verbs": (STEP, STEP + "\n" + PREVENT, 13, "pod[0].step[0]", "exactly one verb"),
    "before the war": (
        'margin = "decisive"',
        "year = 1903",
        14,
        "force.year",
        "write 1904 or later",
    ),
    "prevented war": (THEN, THEN + PREVENT + THEN, 16, "step[1].force.war", "after step 1"),
    "treaty": (
        STEP,
        'prevent = { treaty = "Anglo-Japanse Alliance" }',
        14,
        "prevent.treaty",
        '"Anglo-Japanese Alliance"',
    ),
    "ended before signed": (
        STEP,
        'force = { treaty_end = "Anglo-Japanese Alliance", year = 1901 }',
        14,
        "force.year",
        "signed only in 1902",
    ),
    "ended long ago": (
        STEP,
        'force = { treaty_end = "Anglo-Japanese Alliance", year = 1935 }',
        14,
        "force.year",
        "has ended in 1923",
    ),
    "pledge": (STEP, TREATY % '["defence"]', 14, "force.obligations[0]", '"defense"'),
    "unpriced": (STEP, TREATY % "[]", 13, "pod[0].step[0]", "probability = 0.3"),
    "chance": (STEP, STEP + "\nprobability = 2.0", 15, "step[0].probability", "write 1.0"),
    "leader": (
        STEP,
        'move = { leader_exit = "Yuan Shikay", to = 1914 }',
        14,
        "move.leader_exit",
        '"Yuan Shikai"',
    ),
    "not modelled": (
        STEP,
        'force = { leader = "X", state = "Belgium", year = 1910 }',
        14,
        "force.state",
        "leaders of Belgium are not modelled",
    ),
    "year without state": (
        STEP,
        'prevent = { annexed = "Korea", from = 1910 }',
        14,
        "prevent.annexed",
        "only from 1887 to 1905",
    ),
    "rivals already": (
        STEP,
        'force = { rivalry = ["Japan", "China"], year = 1910 }',
        14,
        "force.year",
        "already",
    ),
    "propensity": (
        STEP,
        'shift = { propensity = "grievence", state = "Japan", factor = 2.0, years = [1900, 1910] }',
        14,
        "shift.propensity",
        '"grievance"',
    ),
    "order of time": (
        STEP,
        STEP + '\n[[pod.step]]\nprevent = { war = "First Sino-Japanese War" }',
        16,
        "step[1].prevent",
        "1905 or later",
    ),
    "won already": (
        STEP,
        'force = { civil_war = "chinese-civil-war", winner = "Communists" }',
        14,
        "force.winner",
        '"Nationalists"',
    ),
}


def message(text):
    with pytest.raises(QuestionError) as caught:
        resolve(read_text(text, "q.toml"))
    return str(caught.value)


def test_the_good_file_is_good():
    assert resolve(read_text(GOOD, "q.toml")).plans


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_one_sentence_that_says_where_and_what_instead(case):
    old, wrong, line, key, advice = CASES[case]
    assert old in GOOD
    said = message(GOOD.replace(old, wrong, 1))
    assert said.startswith(f"q.toml, line {line}, ")
    assert key in said.partition(":")[0]
    assert advice in said
    assert "\n" not in said
    assert said.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", said)


def test_ids_are_unique():
    said = message(GOOD + GOOD[GOOD.index("[[pod]]") :])
    assert said.startswith("q.toml, line 16, pod[1].id")
    assert '"a-2"' in said


def test_two_steps_may_not_say_the_opposite():
    again = STEP.replace("Russia wins", "draw")
    assert "contradicts step 1" in message(GOOD + THEN + again + "\n")


def test_a_step_that_changes_nothing_more_is_refused():
    assert "changes nothing" in message(GOOD + THEN + STEP + "\n")


def test_outside_the_window_is_marked_and_priced_and_not_refused():
    early = 'force = { war = "Sino-French War", outcome = "China wins" }'
    question = resolve(read_text(GOOD.replace(STEP, early), "q.toml"))
    assert question.outside == (True,)
    assert question.places[0].outside == 15
    assert question.places[0].penalty == pytest.approx(0.75)
    assert not question.places[0].beyond
    assert "0.75 bits" in question.places[0].note
    narrow = GOOD.replace(STEP, early).replace("grace = 20", "grace = 5")
    assert resolve(read_text(narrow, "q.toml")).places[0].beyond
    assert resolve(read_text(GOOD, "q.toml")).outside == (False,)
