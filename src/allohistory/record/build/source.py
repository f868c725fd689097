"""The published tables on disk: Parquet, CSV or R files, read once and remembered by hash."""

import hashlib
import io
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allohistory.errors import RecordError
from allohistory.record.reading import nearest

if TYPE_CHECKING:
    import polars as pl

ENDINGS = (".parquet", ".csv", ".rda", ".rds")
MISSING_CODES = [-9, -8]
MISSING = ["", "NA", *map(str, MISSING_CODES)]


@dataclass(frozen=True, slots=False)
class Source:
    """
    A folder of published tables.

    Parameters
    ----------
    folder : Path
        One file per table, named after it.

    Attributes
    ----------
    hashes : dict of str to str
        SHA-256 of every file read so far.
    frames : dict of str to DataFrame
        What was read, for the next who asks.
    """

    folder: Path
    hashes: dict[str, str] = field(default_factory=dict)
    frames: "dict[str, pl.DataFrame]" = field(default_factory=dict)

    @cached_property
    def files(self) -> dict[str, Path]:
        """File of each table at hand; the first of `ENDINGS` wins."""
        if not self.folder.is_dir():
            raise RecordError(f'there is no folder "{self.folder}"')
        found: dict[str, Path] = {}
        for ending in reversed(ENDINGS):
            found |= {file.stem: file for file in sorted(self.folder.glob(f"*{ending}"))}
        return found

    def frame(self, table: str, *columns: str) -> "pl.DataFrame":
        """
        Some columns of a table.

        Raises
        ------
        RecordError
            The table or a column is not there (names the nearest), or the file cannot be read.
        """
        file = self.files.get(table)
        if file is None:
            near = nearest(table, sorted(self.files))
            raise RecordError(f'no published table is called "{table}" in {self.folder}{near}')
        if table not in self.frames:
            raw = file.read_bytes()
            self.hashes[file.name] = hashlib.sha256(raw).hexdigest()
            self.frames[table] = _read(file, raw)
        frame = self.frames[table]
        for column in columns:
            if column not in frame.columns:
                near = nearest(column, frame.columns)
                raise RecordError(f'no column is called "{column}"{near}', file.name)
        return frame.select(columns)

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Rows of a table as plain Python; missing values are None."""
        return self.frame(table, *columns).rows()


def _read(file: Path, raw: bytes) -> "pl.DataFrame":
    try:
        import polars as pl  # noqa: PLC0415 - heavy, and at hand only with the extra "check"
    except ImportError:
        what = 'the published tables need polars: pip install "allohistory[check]"'
        raise RecordError(what) from None
    try:
        if file.suffix == ".parquet":
            return pl.read_parquet(io.BytesIO(raw))
        if file.suffix == ".csv":
            return pl.read_csv(
                io.BytesIO(raw), null_values=MISSING, infer_schema_length=None, try_parse_dates=True
            )
    except (pl.exceptions.PolarsError, OSError) as error:
        what = f"the file cannot be read ({str(error).splitlines()[0]})"
        raise RecordError(what, file.name) from None
    return _read_r(file)


def _read_r(file: Path) -> "pl.DataFrame":
    """Return the only table of an R file, its whole numbers and its days made such."""
    import polars as pl  # noqa: PLC0415 - see `_read`

    try:
        import pyreadr  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415 - at hand only with the extra "rda"
    except ImportError:
        what = 'R files need pyreadr: pip install "allohistory[rda]"'
        raise RecordError(what, file.name) from None
    try:
        table = next(iter(pyreadr.read_r(file, output_format="polars").values()))
    except (pyreadr.LibrdataError, OSError, StopIteration) as error:
        raise RecordError(f"the file cannot be read ({error})", file.name) from None
    return pl.DataFrame([_column(table[name]) for name in table.columns])


def _column(values: "pl.Series") -> "pl.Series":
    """R knows neither whole numbers that may be missing nor, in text, days."""
    import polars as pl  # noqa: PLC0415 - see `_read`

    if values.dtype.is_temporal():
        return values.cast(pl.Date)
    if values.dtype == pl.String:
        days = values.str.to_date("%Y-%m-%d", strict=False)
        return days if days.null_count() == values.null_count() < len(values) else values
    if not values.dtype.is_numeric():
        return values
    clean = values.cast(pl.Float64).fill_nan(None)
    if (clean.drop_nulls() % 1 != 0).any():
        return clean
    whole = clean.cast(pl.Int64)
    return whole.set(whole.is_in(MISSING_CODES), None)
