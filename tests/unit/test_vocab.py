"""The words mean what the codebook says, and nothing twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allohistory.vocab import (
    LETTERS,
    AllianceLevel,
    DisputeLevel,
    Obligation,
    Outcome,
    Provenance,
    Status,
    Word,
)

ENUMS = [AllianceLevel, DisputeLevel, Obligation, Outcome, Provenance, Status]
WORDS = [AllianceLevel, DisputeLevel, Outcome, Status]


@pytest.mark.parametrize("enum", [*ENUMS, Word], ids=lambda e: e.__name__)
def test_every_enum_explains_itself_in_one_line(enum):
    doc = vars(enum)["__doc__"]

    assert doc
    assert "\n" not in doc


def test_obligations_are_bits_in_the_order_of_the_codebook():
    assert [int(Obligation[letter]) for letter in LETTERS] == [1, 2, 4, 8, 16]


@pytest.mark.parametrize(
    ("letter", "name"),
    [
        ("D", "DEFENSE"),
        ("O", "OFFENSE"),
        ("N", "NEUTRALITY"),
        ("A", "NONAGGRESSION"),
        ("C", "CONSULTATION"),
    ],
)
def test_a_letter_and_its_name_are_one_obligation(letter, name):
    assert Obligation[letter] is Obligation[name]


@given(st.sets(st.sampled_from(LETTERS)))
def test_letters_survive_reading_and_writing(letters):
    pledges = Obligation.read("".join(letters))

    assert set(pledges.letters) == letters
    assert Obligation.read(pledges.letters) == pledges


def test_a_letter_that_is_none_is_refused():
    with pytest.raises(ValueError, match='"X" is no obligation'):
        Obligation.read("DX")


@pytest.mark.parametrize(
    ("letters", "level"),
    [
        ("", AllianceLevel.NONE),
        ("C", AllianceLevel.PACT),
        ("NA", AllianceLevel.PACT),
        ("O", AllianceLevel.DEFENSE),
        ("DNAC", AllianceLevel.DEFENSE),
    ],
)
def test_level_of_a_dyad_follows_from_its_strongest_pledge(letters, level):
    assert Obligation.read(letters).level is level


@pytest.mark.parametrize("enum", WORDS, ids=lambda e: e.__name__)
def test_words_survive_reading_and_writing(enum):
    assert [enum.read(member.word) for member in enum] == list(enum)


@pytest.mark.parametrize("enum", WORDS, ids=lambda e: e.__name__)
def test_codes_count_up_from_zero(enum):
    """Arrays of codes start as zeros, and zero must be a word."""
    assert [int(member) for member in enum] == list(range(len(enum)))


def test_an_unknown_word_names_the_known_ones():
    with pytest.raises(ValueError, match="known are draw, initiator, target"):
        Outcome.read("victory")


def test_the_tables_words_are_ours():
    """As the codebook of the core record lists them."""
    table = "home colony protectorate mandate lease occupied client"

    assert [member.word for member in Status] == table.split()
    assert {member.word for member in Outcome} == {"initiator", "target", "draw"}


def test_provenance_prints_as_its_word():
    assert f"{Provenance.FITTED}" == "fitted"
