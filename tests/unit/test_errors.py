"""Every error is one clear sentence, and survives the way home from a worker."""

import pickle
from pathlib import Path

import pytest

from allohistory.errors import (
    AllohistoryError,
    ImpossibleEventError,
    QuestionError,
    RecordError,
    UnknownNameError,
)

EXAMPLES = [
    (AllohistoryError("nothing to do"), "nothing to do."),
    (
        QuestionError(
            what='there is no outcome "Russia triumphs"',
            instead='outcome = "Russia wins"',
            file=Path("mine.toml"),
            key="pod[0].step[0].force",
            line=12,
        ),
        (
            "mine.toml, line 12, pod[0].step[0].force: there is no outcome "
            '"Russia triumphs"; write outcome = "Russia wins" instead.'
        ),
    ),
    (
        QuestionError("the pair has one member", key="pair"),
        "pair: the pair has one member.",
    ),
    (QuestionError("the file is empty."), "the file is empty."),
    (UnknownNameError("Atlantis"), 'no state is called "Atlantis".'),
    (
        UnknownNameError("Prusia", ["Prussia"], year=1866),
        'no state is called "Prusia" in 1866; the nearest name is "Prussia".',
    ),
    (
        UnknownNameError("Bore War", ("Boer War", "Opium War", "Bear War"), "war"),
        (
            'no war is called "Bore War"; the nearest names are "Boer War", '
            '"Opium War" and "Bear War".'
        ),
    ),
    (RecordError("wars overlap"), "wars overlap."),
    (
        RecordError("the exit lies before the entry", table="spells.csv", row=7),
        "spells.csv, row 7: the exit lies before the entry.",
    ),
    (
        ImpossibleEventError("Mexico cannot leave a war\n   that it never joined"),
        "Mexico cannot leave a war that it never joined.",
    ),
]


@pytest.mark.parametrize(("error", "sentence"), EXAMPLES, ids=lambda x: str(x)[:30])
def test_an_error_reads_as_one_sentence(error, sentence):
    assert str(error) == sentence


@pytest.mark.parametrize(("error", "sentence"), EXAMPLES, ids=lambda x: str(x)[:30])
def test_an_error_comes_home_from_a_worker(error, sentence):
    """Exceptions with fields of their own break pools when they cannot be pickled."""
    back = pickle.loads(pickle.dumps(error))

    assert type(back) is type(error)
    assert str(back) == sentence
    assert vars(back) == vars(error)


@pytest.mark.parametrize("error", [error for error, _ in EXAMPLES], ids=str)
def test_one_except_catches_all(error):
    with pytest.raises(AllohistoryError):
        raise error
