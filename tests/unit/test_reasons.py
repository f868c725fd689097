"""What is said to be behind a choice is about the states that choose."""

from types import SimpleNamespace

from allohistory.answer.why import _behind
from allohistory.engine.ledger import Entry
from allohistory.model import terms as m

AMERICA, JAPAN, RUSSIA = 0, 1, 2


def _entry(year, process, result, was, *states):
    a, b = states[0], states[-1]
    return Entry(year, process, a, b, result, was, states, 1.0, forced=False)


def _deeds(*entries):
    return SimpleNamespace(book=SimpleNamespace(ledger=SimpleNamespace(entries=entries)))


def test_a_third_power_is_no_reason_why_two_are_not_both_major():
    japan = _entry(1895, m.MAJOR_GAIN, 0, 1, JAPAN)
    russia = _entry(1907, m.MAJOR_LOSS, 1, 0, RUSSIA)
    pact = _entry(1908, m.FOUND_WEAK, 0, 1, AMERICA, JAPAN)

    assert _behind(_deeds(japan, russia, pact), pact, "both_major", more=False) is japan
    assert _behind(_deeds(russia, pact), pact, "both_major", more=False) is None
