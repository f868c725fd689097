"""What an idea is: steps in the words of a question file, and a sentence a historian can weigh."""

import re
from dataclasses import dataclass, field
from typing import Any

from allohistory.record.names import fold

Steps = tuple[dict[str, Any], ...]
"""Tables of steps as a question file has them, each ``{verb: table}``."""


@dataclass(frozen=True, slots=True)
class Idea:
    """
    A possible point of divergence, not yet mapped to the model.

    Attributes
    ----------
    kind : str
        Family of the vocabulary, for counts.
    title : str
        A sentence without full stop.
    steps : tuple of dict
    year : int
        When it begins, by the record.
    who : tuple of int
        Columns of the states it concerns.
    """

    kind: str
    title: str
    steps: Steps = field(hash=False)
    year: int
    who: tuple[int, ...]

    @property
    def id(self) -> str:
        """
        Stable name, made of the sentence, which no two ideas share.

        Examples
        --------
        >>> Idea("war", "Russia wins the Russo-Japanese War", (), 1905, ()).id
        'russia-wins-the-russo-japanese-war'
        """
        return slug(self.title)


def slug(text: str) -> str:
    """
    A sentence as an id of a question file.

    Examples
    --------
    >>> slug("O'Higgins, in 1920 (again)")
    'ohiggins-in-1920-again'
    """
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))


def listed(names: list[str]) -> str:
    """
    Names as a sentence lists them.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
