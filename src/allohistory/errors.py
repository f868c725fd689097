"""
Every exception the package raises, each rendered as one sentence.

* AllohistoryError
  - QuestionError         the question file is wrong; says what to write instead
  - UnknownNameError      nothing of that name; lists the nearest names
  - RecordError           a table is missing, altered or inconsistent
  - RunError              a kept run is unfinished, damaged or in use
  - ImpossibleEventError  an event to which the model gives probability zero

Ground floor: imports nothing of ours. Fields travel in ``args``, because workers
send exceptions home by pickle.
"""

from collections.abc import Sequence
from os import PathLike


class AllohistoryError(Exception):
    """Base class; catch this to catch everything of ours."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return _sentence(self.what)


class QuestionError(AllohistoryError):
    """
    The question file is wrong.

    Parameters
    ----------
    what : str
        What is wrong, as a clause without full stop.
    instead : str
        What to write instead, ready to be copied; empty where nothing helps.
    file : str or path
        The question file; empty for a question that came from no file.
    key : str
        Where in the file, as a dotted key such as ``pod[0].step[1].force``.
    line : int, optional
        Line of the file, counted from 1.
    """

    def __init__(
        self,
        what: str,
        instead: str = "",
        file: str | PathLike[str] = "",
        key: str = "",
        line: int | None = None,
    ) -> None:
        super().__init__(what)
        self.instead = instead
        self.file = str(file)
        self.key = key
        self.line = line
        self.args = (what, instead, self.file, key, line)

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line is not None else ""
        where = ", ".join(part for part in (self.file, line, self.key) if part)
        text = f"{where}: {_clause(self.what)}" if where else _clause(self.what)
        if self.instead:
            text += f"; write {_clause(self.instead)} instead"
        return _sentence(text)


class UnknownNameError(AllohistoryError):
    """
    Nothing in the record has that name.

    Parameters
    ----------
    name : str
        The name as the user wrote it.
    nearest : sequence of str
        Names that do exist, nearest first; may be empty.
    kind : str
        What was looked for: "state", "war", "treaty", "question"...
    year : int, optional
        The year in which the name had to hold.
    """

    def __init__(
        self,
        name: str,
        nearest: Sequence[str] = (),
        kind: str = "state",
        year: int | None = None,
    ) -> None:
        super().__init__(f'no {kind} is called "{name}"')
        self.name = name
        self.nearest = tuple(nearest)
        self.kind = kind
        self.year = year
        self.args = (name, self.nearest, kind, year)

    def __str__(self) -> str:
        text = self.what if self.year is None else f"{self.what} in {self.year}"
        quoted = [f'"{name}"' for name in self.nearest]
        if len(quoted) == 1:
            text += f"; the nearest name is {quoted[0]}"
        elif quoted:
            text += f"; the nearest names are {', '.join(quoted[:-1])} and {quoted[-1]}"
        return _sentence(text)


class RecordError(AllohistoryError):
    """A table is missing, altered or inconsistent."""

    def __init__(self, what: str, table: str = "", row: int | None = None) -> None:
        super().__init__(what)
        self.table = table
        self.row = row
        self.args = (what, table, row)

    def __str__(self) -> str:
        row = f"row {self.row}" if self.row is not None else ""
        where = ", ".join(part for part in (self.table, row) if part)
        return _sentence(f"{where}: {self.what}" if where else self.what)


class RunError(AllohistoryError):
    """
    A kept run is unfinished, damaged or in use.

    Parameters
    ----------
    what : str
        What is wrong, as a clause.
    command : str
        The command that helps; empty where none does.
    """

    def __init__(self, what: str, command: str = "") -> None:
        super().__init__(what)
        self.command = command
        self.args = (what, command)

    def __str__(self) -> str:
        what = _clause(self.what)
        return _sentence(f"{what}; {_clause(self.command)} helps" if self.command else what)


class ImpossibleEventError(AllohistoryError):
    """An event happened, or is to happen, to which the model gives probability zero."""


def _clause(text: str) -> str:
    """Text on one line without a closing mark."""
    return " ".join(text.split()).rstrip(" .;")


def _sentence(text: str) -> str:
    """Text on one line with one full stop, so that every error reads alike."""
    clause = _clause(text)
    return clause if clause.endswith(("?", "!")) else f"{clause}."
