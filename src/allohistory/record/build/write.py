"""A record on disk, whole or not at all."""

import csv
import io
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allohistory.errors import RecordError
from allohistory.record.reading import columns_of
from allohistory.record.tables import FILES

REPORT = "build.json"


def text_of(kind: type, rows: list[tuple[Any, ...]]) -> str:
    """Rows as CSV under the columns of a table."""
    buffer = io.StringIO()
    table = csv.writer(buffer, lineterminator="\n")
    table.writerow(columns_of(kind))
    table.writerows(rows)
    return buffer.getvalue()


def check_target(folder: Path) -> None:
    """Refuse a place that is taken by anything but a record built before."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / REPORT).is_file():
        raise RecordError(f'the folder "{folder}" holds something else than a built record')
    if folder.exists() and not folder.is_dir():
        raise RecordError(f'"{folder}" is a file; name a folder')
    if not folder.absolute().parent.is_dir():
        raise RecordError(f'there is no folder "{folder.absolute().parent}" to put the record in')


def write(
    folder: Path, tables: Mapping[str, list[tuple[Any, ...]]], report: dict[str, Any]
) -> None:
    """Write every table and the report beside the target, then put them in its place."""
    target = folder.absolute()
    part = target.with_name(f".{target.name}.{os.getpid()}")
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    try:
        part.mkdir()
        for table, (file, kind) in FILES.items():
            text = text_of(kind, tables.get(table, []))
            (part / file).write_text(text, encoding="utf-8")
        text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
        (part / REPORT).write_text(text, encoding="utf-8")
        if target.exists():
            target.rename(old)
        part.rename(target)
    finally:
        if old.exists() and not target.exists():
            old.rename(target)
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
