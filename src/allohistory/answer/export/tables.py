"""Every table of an answer as rows of plain values, for CSV and Parquet: numbers unrounded."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from allohistory.answer.wording import Answer

Row = dict[str, Any]


def tables_of(answer: Answer) -> dict[str, list[Row]]:
    """
    Tables by name; those without rows are left out.

    Returns
    -------
    dict of str to list of dict
        The rows of a table have the same keys; a chance is ``x, x_lo, x_hi`` with its 90%
        interval. ``pod`` is the id of the point of divergence, "" for history.
    """
    pods = answer["pods"]
    base = answer.get("baseline", {})
    out = {
        "ways": [_way(pod) for pod in pods],
        "steps": _each(pods, "steps"),
        "predicates": [
            *({"pod": "", "predicate": k, **_p("p", v)} for k, v in _items(base, "predicates")),
            *(
                {"pod": pod["id"], "predicate": k, **_p("p", v)}
                for pod in pods
                for k, v in _items(pod, "predicates")
            ),
        ],
        "curve": [
            *({"pod": "", **row} for row in base.get("curve") or []),
            *_each(pods, "curve"),
        ],
        "survival": _each(pods, "survival"),
        "closest": [
            {"pod": name, "state": state, "closest": other, "p": p}
            for name, part in [("", base), *((pod["id"], pod) for pod in pods)]
            for state, rows in _items(part, "closest")
            for other, p in rows
        ],
        "milestones": [
            {"pod": pod["id"], **row}
            for pod in pods
            for row in (pod.get("yardstick") or {}).get("milestones") or []
        ],
        "spread": [
            {"pod": pod["id"], "over": over, "at": at, "p": p}
            for pod in pods
            for over, row in _items(pod, "spread")
            for at, p in row.items()
        ],
        "effects": _each(pods, "effects"),
        "reactions": _each(pods, "reactions"),
        "shares": _each(pods, "shares"),
        "assumptions": [
            {"pod": pod["id"], "assumption": text}
            for pod in pods
            for text in pod.get("assumptions") or []
        ],
        "advised": [_flat(row) for row in base.get("advised") or []],
        "timeline": list(_told(answer)),
        "causes": list(_causes(answer)),
    }
    return {name: _even(rows) for name, rows in out.items() if rows}


def _items(part: Row, key: str) -> list[tuple[str, Any]]:
    return list((part.get(key) or {}).items())


def _p(name: str, chance: Row | None) -> Row:
    found = chance or {}
    return {name: found.get("p"), f"{name}_lo": found.get("lo"), f"{name}_hi": found.get("hi")}


def _way(pod: Row) -> Row:
    plain = ("id", "title", "year", "decided", "outside", "bits", "stated_bits", "penalty_bits",
             "one_in", "met", "year_median", "life_median")  # fmt: skip
    row = {key: pod.get(key) for key in plain}
    for key in ("chain", "p_goal", "p_base", "p_placebo"):
        row |= _p(key, pod.get(key))
    return row


def _each(pods: list[Row], key: str) -> list[Row]:
    return [{"pod": pod["id"], **_flat(row)} for pod in pods for row in pod.get(key) or []]


def _flat(row: Row) -> Row:
    """A row without tables in its cells: what is nested gets a name of its own."""
    out: Row = {}
    for key, value in row.items():
        if isinstance(value, dict):
            out |= {f"{key}_{inner}": one for inner, one in _flat(value).items()}
        elif isinstance(value, list):
            out |= {f"{key}_{n}": one for n, one in enumerate(value)}
        else:
            out[key] = value
    return out


def _worlds(answer: Answer) -> Iterator[tuple[Row, Row]]:
    """Years of every world told, with what they are part of."""
    for world in [answer.get("timeline"), *(answer.get("worlds") or [])]:
        if world:
            head = {"pod": world.get("pod"), "run": world.get("run")}
            for row in world.get("rows") or []:
                yield head | {"year": row["year"]}, row


def _told(answer: Answer) -> Iterator[Row]:
    for head, row in _worlds(answer):
        for column in ("actual", "alternate", "because"):
            texts = row["actual"] if row.get("same") and column == "alternate" else row.get(column)
            for text in texts or []:
                yield head | {"same": bool(row.get("same")), "column": column, "text": text}


def _causes(answer: Answer) -> Iterator[Row]:
    for head, row in _worlds(answer):
        for cause in row.get("causes") or []:
            since = cause.get("since") or {}
            yield head | {
                "what": cause["what"],
                "states": " ".join(cause["states"]),
                "kind": cause["kind"],
                "term": cause["term"],
                "log_odds": cause["log_odds"],
                "since_what": since.get("what"),
                "since_year": since.get("year"),
            }


def _even(rows: list[Row]) -> list[Row]:
    """Rows with the same keys in the same order; a number that is none is missing."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    return [{key: _plain(row.get(key)) for key in keys} for row in rows]


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - nan


def csv_of(rows: list[Row]) -> bytes:
    """Rows as CSV in UTF-8; what is missing is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def parquet_of(rows: list[Row]) -> bytes:
    """
    Rows as Parquet.

    Raises
    ------
    ImportError
        polars is not installed.
    """
    import polars as pl  # noqa: PLC0415 - an extra that need not be there

    out = io.BytesIO()
    pl.DataFrame(rows, infer_schema_length=None, strict=False).write_parquet(out)
    return out.getvalue()
