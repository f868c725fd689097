"""From a CSV file to typed rows, with errors that name file, line and column."""

import csv
import dataclasses
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Generic, TypeVar, get_type_hints

from allohistory.errors import RecordError
from allohistory.record.dates import Day
from allohistory.vocab import DisputeLevel, Obligation, Outcome, Status

Row = TypeVar("Row")
Folder = Path | Traversable

_COLUMN = {"start": "from", "end": "to"}
_SPELL_COLUMN = {"start": "enter", "end": "exit"}


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Row]):
    """The rows of one file and the line each ends on."""

    file: str
    rows: tuple[Row, ...]
    lines: tuple[int, ...]

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        return zip(self.lines, self.rows, strict=True)

    def fault(self, line: int, what: str) -> RecordError:
        """The error to raise about a line."""
        return fault(self.file, line, what)


def fault(file: str, line: int, what: str) -> RecordError:
    """Error about a line of a file, counted from 1 with the header as the first."""
    return RecordError(what, f"{file}, line {line}")


def nearest(word: str, known: list[str]) -> str:
    """A clause that names the nearest known word, or nothing."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.4)
    return f'; the nearest is "{close[0]}"' if close else ""


def read_sheet(folder: Folder, file: str, kind: type[Row]) -> Sheet[Row]:
    """
    Rows of a CSV file as dataclasses.

    Parameters
    ----------
    folder : path
        Where the tables are.
    file : str
        Name of the table.
    kind : type
        Dataclass of its rows.

    Returns
    -------
    Sheet
        In the order of the file.
    """
    fields = _fields(kind)
    columns = [column for column, _ in fields]
    try:
        text = (folder / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RecordError("the table is missing", file) from None
    except UnicodeDecodeError:
        raise RecordError("the file is not text in UTF-8", file) from None
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = next(reader, [])
        _check_header(file, header, columns)
        rows, lines = [], []
        for cells in reader:
            if len(cells) != len(columns):
                what = f"{len(cells)} fields stand where {len(columns)} should"
                raise fault(file, reader.line_num, what)
            rows.append(kind(*_cells(file, reader.line_num, fields, cells)))
            lines.append(reader.line_num)
    except csv.Error as error:
        raise fault(file, reader.line_num, str(error)) from None
    return Sheet(file, tuple(rows), tuple(lines))


def _cells(
    file: str, line: int, fields: list[tuple[str, Callable[[str], Any]]], cells: list[str]
) -> Iterator[Any]:
    for (column, convert), cell in zip(fields, cells, strict=True):
        try:
            yield convert(cell)
        except ValueError as error:
            raise fault(file, line, f"{column}: {error}") from None


def _check_header(file: str, header: list[str], columns: list[str]) -> None:
    if header == columns:
        return
    for column in header:
        if column not in columns:
            raise fault(file, 1, f'no column is called "{column}"{nearest(column, columns)}')
    missing = [column for column in columns if column not in header]
    what = (
        f"the columns {', '.join(missing)} are missing" if missing else "columns are out of order"
    )
    raise fault(file, 1, f"{what}; write {','.join(columns)}")


def _fields(kind: type) -> list[tuple[str, Callable[[str], Any]]]:
    """Column and converter of each field, in the order of the columns."""
    hints = get_type_hints(kind)
    names = _SPELL_COLUMN if "enter_cause" in hints else _COLUMN
    return [
        (names.get(field.name, field.name), _CONVERT[hints[field.name]])
        for field in dataclasses.fields(kind)
    ]


def columns_of(kind: type) -> list[str]:
    """Columns of the table whose rows a dataclass holds, in order."""
    return [column for column, _ in _fields(kind)]


def _text(cell: str) -> str:
    if cell != cell.strip():
        msg = f'"{cell}" has spaces at its ends'
        raise ValueError(msg)
    return cell


def _words(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        msg = f'"{cell}" is no number'
        raise ValueError(msg) from None


def _whole(cell: str) -> int:
    try:
        return int(cell)
    except ValueError:
        msg = f'"{cell}" is no whole number'
        raise ValueError(msg) from None


def _truth(cell: str) -> bool:
    if cell not in {"0", "1"}:
        msg = f'"{cell}" is neither 0 nor 1'
        raise ValueError(msg)
    return cell == "1"


def _level(cell: str) -> DisputeLevel:
    if cell not in {"1", "2", "3"}:
        msg = f'"{cell}" is no level; write 1, 2 or 3'
        raise ValueError(msg)
    return DisputeLevel(int(cell))


_CONVERT: dict[Any, Callable[[str], Any]] = {
    str: _text,
    int: _whole,
    int | None: lambda cell: _whole(cell) if cell else None,
    float: _number,
    bool: _truth,
    Day: Day.read,
    Day | None: lambda cell: Day.read(cell) if cell else None,
    tuple[str, ...]: _words,
    tuple[int, ...]: lambda cell: tuple(_whole(part) for part in _words(cell)),
    Obligation: Obligation.read,
    Status: Status.read,
    Outcome: Outcome.read,
    Outcome | None: lambda cell: Outcome.read(cell) if cell else None,
    DisputeLevel: _level,
}
