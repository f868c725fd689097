"""
The words of the field as enums.

Ground floor: imports nothing of ours. Worlds hold the integers, tables and answers
the words. ``IntEnum`` members may be used in compiled kernels as they are; numba does
not know ``IntFlag`` as a number, so kernels take ``int(Obligation.DEFENSE)``.
"""

from enum import IntEnum, IntFlag, StrEnum
from typing import Self


class Word(IntEnum):
    """An integer in a World that is a lower-case word in a table."""

    @property
    def word(self) -> str:
        """
        The word that tables and question files use.

        Examples
        --------
        >>> DisputeLevel.THREAT_OR_DISPLAY.word
        'threat_or_display'
        """
        return self.name.lower()

    @classmethod
    def read(cls, word: str) -> Self:
        """
        Member of a word.

        Examples
        --------
        >>> Status.read("colony")
        <Status.COLONY: 1>
        """
        for member in cls:
            if member.word == word:
                return member
        known = ", ".join(member.word for member in cls)
        msg = f'"{word}" is no {cls.__name__}; known are {known}'
        raise ValueError(msg)


class AllianceLevel(Word):
    """How far the treaties of a dyad go."""

    NONE = 0
    PACT = 1
    DEFENSE = 2


class Obligation(IntFlag):
    """What a member of a treaty pledges (ATOP), one bit each."""

    NONE = 0
    DEFENSE = 1
    OFFENSE = 2
    NEUTRALITY = 4
    NONAGGRESSION = 8
    CONSULTATION = 16
    D = DEFENSE
    O = OFFENSE  # noqa: E741 - the letter is the codebook's
    N = NEUTRALITY
    A = NONAGGRESSION
    C = CONSULTATION

    @classmethod
    def read(cls, letters: str) -> Self:
        """
        Pledges of a row of letters; none for an empty one.

        Examples
        --------
        >>> Obligation.read("DC") == Obligation.DEFENSE | Obligation.CONSULTATION
        True
        """
        pledges = cls(0)
        for letter in letters:
            if letter not in LETTERS:
                msg = f'"{letter}" is no obligation; known letters are {LETTERS}'
                raise ValueError(msg)
            pledges |= cls[letter]
        return pledges

    @property
    def letters(self) -> str:
        """
        The letters of the codebook, strongest pledge first.

        Examples
        --------
        >>> (Obligation.CONSULTATION | Obligation.DEFENSE).letters
        'DC'
        """
        return "".join(letter for letter in LETTERS if Obligation[letter] in self)

    @property
    def level(self) -> AllianceLevel:
        """
        Alliance level to which the pledges amount.

        Examples
        --------
        >>> Obligation.read("NA").level
        <AllianceLevel.PACT: 1>
        """
        if self & (Obligation.DEFENSE | Obligation.OFFENSE):
            return AllianceLevel.DEFENSE
        return AllianceLevel.PACT if self else AllianceLevel.NONE


LETTERS = "DONAC"


class DisputeLevel(Word):
    """Highest hostility a dyad reached in a year (MID, threats and displays as one)."""

    NONE = 0
    THREAT_OR_DISPLAY = 1
    FORCE = 2
    WAR = 3


class Outcome(Word):
    """Whose side won a war: that of its initiator, that of its target, or neither."""

    DRAW = 0
    INITIATOR = 1
    TARGET = 2


class Status(Word):
    """How an owner holds a unit of land."""

    HOME = 0
    COLONY = 1
    PROTECTORATE = 2
    MANDATE = 3
    LEASE = 4
    OCCUPIED = 5
    CLIENT = 6


class Provenance(StrEnum):
    """Where a number of an answer comes from."""

    RECORD = "record"
    FITTED = "fitted"
    ELICITED = "elicited"
    ASSUMED = "assumed"
