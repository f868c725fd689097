"""Claims as data: the vocabulary of measures, and the rules of the verdicts."""

import itertools
import re

import numpy as np
import pytest

from allohistory.errors import QuestionError
from allohistory.record.tables import load
from allohistory.thread import claims, evaluate_verdict
from allohistory.thread.claims_file import Test as Bar
from allohistory.thread.evaluate import BY
from allohistory.thread.evaluate_number import Ends, Measured, flat, less, shown
from allohistory.thread.evaluate_rolled import over_draws
from allohistory.thread.evaluate_verdict import VERDICTS, luck, put_in, survives, verdict
from allohistory.thread.ledger import chosen, read_ledger, read_text, rows
from allohistory.thread.premises import facts

LEDGER = """title = "A thread"
question = "sino-japanese-alliance"
[[row]]
n = 1
who = "somebody"
quote = "it helps"
claim = "It helps."
kind = "effect"
by = {by}
"""


def number(value, lo, hi, **settings):
    found = {name: flat(x) for name, x in settings.items()}
    return Measured(words="x", value=value, lo=lo, hi=hi, settings=found)


def ledger(by, more=""):
    return LEDGER.replace("{by}", by) + more


def test_a_whole_interval_on_the_claims_side_supports_it():
    assert verdict(number(0.3, 0.2, 0.4), Bar(above=0.1)) == "supported"
    assert verdict(number(0.3, 0.2, 0.4), Bar(below=0.5)) == "supported"
    assert verdict(number(0.3, 0.2, 0.4), Bar(above=0.5)) == "against"
    assert verdict(number(0.3, 0.2, 0.4), Bar(below=0.1)) == "against"


def test_an_interval_across_the_bar_leans_or_is_undecided():
    assert verdict(number(0.3, 0.05, 0.6), Bar(above=0.1)) == "leaning"
    assert verdict(number(0.11, 0.0, 0.6), Bar(above=0.1)) == "undecided"
    assert verdict(number(0.1, 0.0, 0.6), Bar(above=0.1)) == "undecided"
    assert verdict(number(0.05, 0.0, 0.6), Bar(above=0.1)) == "undecided"


def test_verdicts_are_fair_to_both_sides():
    """What bears a claim out speaks against its opposite, whatever the number."""
    grid = [-0.3, -0.1, 0.0, 0.1, 0.3]
    other = {"supported": "against", "against": "supported", "undecided": "undecided"}
    for value, lo, hi in itertools.product(grid, grid, grid):
        if not lo <= value <= hi:
            continue
        one, two = (verdict(number(value, lo, hi), bar) for bar in (Bar(above=0.0), Bar(below=0.0)))
        if "leaning" not in {one, two}:
            assert two == other[one]
        else:
            assert {one, two} == {"leaning", "undecided"}


def test_a_convention_on_luck_that_turns_it_round_takes_the_support_away():
    firm = number(0.3, 0.2, 0.4, fresh=0.3, kept=0.2)
    turned = number(0.3, 0.2, 0.4, fresh=0.3, kept=0.05)
    bar = Bar(above=0.1)

    assert (verdict(firm, bar), verdict(turned, bar)) == ("supported", "leaning")
    assert "points the same way" in luck(firm, bar)
    assert "does not survive" in luck(turned, bar)
    assert "kept" in luck(turned, bar)
    assert verdict(turned, Bar(below=0.1)) == "undecided"


def test_too_few_replays_turn_nothing_round():
    few = {"fresh": Ends(value=0.3, lo=0.2, hi=0.4), "kept": Ends(value=0.0, lo=0.0, hi=0.2)}
    found = Measured(words="x", value=0.3, lo=0.2, hi=0.4, settings=few)

    assert verdict(found, Bar(above=0.1)) == "supported"
    assert "too few replays" in luck(found, Bar(above=0.1))


def test_what_is_left_at_the_bar_is_told():
    assert "Nothing is seen of it with kept" in luck(
        number(0.3, 0.2, 0.4, fresh=0.3, kept=0.0), Bar(above=0.0)
    )


def test_a_verdict_that_luck_does_not_bear_out_says_so_itself():
    bar = Bar(above=0.1)
    turned = number(0.3, 0.2, 0.4, fresh=0.3, redrawn=0.2, kept=0.05)
    few = {name: Ends(value=x, lo=0.0, hi=0.5) for name, x in (("fresh", 0.3), ("kept", 0.0))}
    alone = Measured(words="x", value=0.3, lo=0.2, hi=0.4, settings=few)

    assert "not kept" in survives(turned, bar)
    assert "only with fresh" in survives(alone, bar)
    assert survives(number(0.3, 0.2, 0.4, fresh=0.3, kept=0.2), bar) == ""
    assert "Nothing is seen of it with kept" in survives(
        number(0.3, 0.2, 0.4, fresh=0.3, kept=0.1), bar
    )
    # What settles nothing needs no reservation.
    assert survives(Measured(words="x", value=0.11, lo=0.0, hi=0.4, settings=few), bar) == ""


def test_draws_that_bear_the_steps_before_weigh_more_and_no_chance_exceeds_one():
    ends = over_draws(np.array([0.1, 0.95, 0.9]), np.array([1e-9, 30.0, 1.0]))

    assert 0.9 <= ends["lo"] <= ends["value"] <= ends["hi"] <= 0.95


def test_questions_are_answered_and_premises_judged():
    assert verdict(number(0.3, 0.2, 0.4), None) == "answered"
    assert verdict(Measured(words="x", missing="No figure."), Bar(above=0.0)) == (
        "cannot be tested here"
    )
    found = [verdict(Measured(words="x", holds=h), None) for h in ("yes", "partly", "no")]
    assert found == ["supported", "leaning", "against"]


def test_what_was_put_in_is_not_called_supported():
    elicited = Measured(words="x", value=2.0, lo=1.5, hi=3.0, basis=("elicited",))
    assumed = Measured(words="x", value=2.0, lo=1.5, hi=3.0, basis=("fitted", "assumed"))

    assert put_in(elicited, "mechanism")
    assert put_in(assumed, "not in the record")
    assert not put_in(assumed, "effect")


def test_the_rules_are_told_by_name():
    told = evaluate_verdict.RULES.casefold()
    assert all(name in told for name in VERDICTS)


def test_a_test_has_one_side():
    with pytest.raises(ValueError, match="not both"):
        Bar(above=0.0, below=1.0)
    with pytest.raises(ValueError, match="either"):
        Bar()


def test_every_measure_can_be_computed():
    assert set(BY) == set(claims.MEASURES.values())


def test_differences_of_chances_widen_with_either():
    one, two = {"p": 0.5, "lo": 0.4, "hi": 0.6}, {"p": 0.2, "lo": 0.1, "hi": 0.4}
    found = less(one, two)

    assert found["value"] == pytest.approx(0.3)
    assert found["lo"] < 0.2
    assert 0.3 < found["hi"] < 0.5
    mirrored = less(two, one)
    assert mirrored["lo"] == pytest.approx(-found["hi"], abs=1e-5)


def test_numbers_are_written_in_their_units():
    years = Measured(words="x", value=15.0, lo=15.0, hi=15.0, unit="years")
    assert shown(years) == "15 years"
    assert shown(number(0.0001, 0.00001, 0.2)).startswith("1 in 10,000")


def test_the_bundled_ledger_has_every_row_of_the_thread_once():
    read = read_ledger("sino-japanese-alliance")

    assert [row.n for row in rows(read)] == list(range(1, 69))
    assert all(row.quote and row.claim and row.who for row in rows(read))
    # A reader can argue with how the words were read only if that is told.
    assert all(row.test.reads for row in rows(read) if row.test)
    tested = [row for row in rows(read) if not isinstance(row.by, claims.Missing)]
    assert len(tested) >= 64


def test_the_ledger_holds_no_result():
    """Texts carry no figures that a run would give: no percent, no interval, no odds."""
    for row in rows(read_ledger("sino-japanese-alliance")):
        said = " ".join([row.claim, row.note, *dict(row.says).values()])
        assert not re.search(r"\d+(\.\d+)?\s*(%|percent|points|bits)", said), row.n


def test_code_knows_no_state_by_name():
    """Whatever is about Japan or China stands in the ledger's file."""
    from pathlib import Path

    import allohistory.thread as home

    names = {row.name for row in load().names} | {row.id for row in load().states}
    for path in sorted(Path(home.__file__).parent.glob("*.py")):
        if path.stem in ("marks", "rules", "draft"):
            # Words that forums use are marked whatever the thread is about.
            continue
        strings = re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'", path.read_text(encoding="utf-8"))
        found = {word for pair in strings for word in pair} & names
        assert not found, path.name


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ('{ gain = "japan-looses-1905" }', "japan-loses-1905"),
        ('{ gian = "japan-loses-1905" }', "gain"),
        ('{ effect = "wars" }', "effect"),
        ('{ switch = "oportunism" }', "opportunism"),
        ('{ term = ["dispute", "deterence"] }', "deterrence"),
        ('{ term = ["disputes", "deterrence"] }', "dispute"),
        ('{ fact = "neutrality" }', "fact"),
        ('{ capability = ["Japan", "Frnce"], year = 1884 }', "France"),
        ('{ coding = "Sino-Frensh War", pod = "best", quantity = "goal" }', "Sino-French War"),
        ('{ milestone = "friends" }', "milestone"),
    ],
)
def test_a_mistake_is_one_sentence_that_helps(by, said):
    with pytest.raises(QuestionError) as error:
        read_text(ledger(by), "mine.ledger.toml")

    text = str(error.value)
    assert said in text
    assert text.startswith("mine.ledger.toml")
    assert "\n" not in text


@pytest.mark.parametrize(
    ("by", "rests", "said"),
    [
        ('{ effect = "wars in the system over the horizon" }', "patronz", 'write "patrons"'),
        ('{ goal = "best" }', "patrons", "only a tested effect"),
    ],
)
def test_what_a_row_rests_on_is_a_mechanism_that_can_be_cut(by, rests, said):
    with pytest.raises(QuestionError, match=said):
        read_text(ledger(by) + f'\nrests = "{rests}"\n')


def test_rows_are_told_apart():
    double = ledger('{ goal = "best" }', ledger('{ goal = "best" }').split("\n", 2)[2])
    with pytest.raises(QuestionError, match="two rows have the number 1"):
        read_text(double)


def test_an_unknown_ledger_and_an_unknown_row_name_the_nearest():
    with pytest.raises(QuestionError, match='write "sino-japanese-alliance"'):
        read_ledger("sino-japanes-alliance")
    with pytest.raises(QuestionError, match="no row 99; write 68"):
        chosen(read_ledger("sino-japanese-alliance"), [99])


def test_facts_have_dates_and_sources():
    assert all(fact.dates and fact.known and fact.source for fact in facts().values())
