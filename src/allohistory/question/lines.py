"""On which line of a question file a key stands: tomllib reads values and forgets places."""

import re

_TABLE = re.compile(r"\s*\[\s*([\w.\-\"' ]+?)\s*\]\s*(?:#.*)?$")
_ITEM = re.compile(r"\s*\[\[\s*([\w.\-\"' ]+?)\s*\]\]\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([\w\-]+|\"[^\"]*\"|'[^']*')((?:\s*\.\s*[\w\-]+)*)\s*=(.*)$")
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'")


def lines_of(text: str) -> dict[str, int]:
    r"""
    Line of every key and table, by dotted path.

    Examples
    --------
    >>> lines_of("horizon = 50\n[[pod]]\nid = 'x'\n[[pod.step]]\nnote = ''")["pod[0].step[0].note"]
    5
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table, depth, long = "", 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if long:
            long = "" if long in line else long
            continue
        if depth == 0 and (item := _ITEM.match(line)):
            path = _resolved(item[1], counts, open_last=True)
            counts[path] = counts.get(path, -1) + 1
            table = f"{path}[{counts[path]}]"
            lines[table] = number
            lines.setdefault(path, number)
        elif depth == 0 and (header := _TABLE.match(line)):
            table = _resolved(header[1], counts)
            lines[table] = number
        elif depth == 0 and (key := _KEY.match(line)):
            name = _plain(key[1] + key[2])
            path = f"{table}.{name}" if table else name
            lines[path] = number
            depth, long = _open(key[3])
        elif depth:
            more, long = _open(line)
            depth += more
    return lines


def line_of(lines: dict[str, int], path: str) -> int | None:
    """Line of a key, or of the nearest table around it."""
    while path:
        if path in lines:
            return lines[path]
        path = path.rpartition(".")[0] if "[" not in path.rpartition(".")[2] else _shorter(path)
    return None


def key_on(text: str, line: int) -> str:
    """Key that a line (or the last line before it that has one) sets."""
    rows = text.splitlines()[:line]
    for row in reversed(rows):
        found = _KEY.match(row) or _ITEM.match(row) or _TABLE.match(row)
        if found:
            return _plain(found[1])
    return ""


def _shorter(path: str) -> str:
    """`a.b[3]` without its index, `a.b`; `lines_of` knows both."""
    return path[: path.rindex("[")]


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


def _resolved(name: str, counts: dict[str, int], *, open_last: bool = False) -> str:
    """Path of a header: each array of tables on the way stands at its latest item."""
    path = ""
    parts = _plain(name).split(".")
    for n, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        last = n == len(parts) - 1
        if path in counts and not (last and open_last):
            path = f"{path}[{counts[path]}]"
    return path


def _open(value: str) -> tuple[int, str]:
    """Brackets left open by a value, and the mark of a long string left open."""
    for mark in ('"""', "'''"):
        if value.count(mark) % 2:
            return 0, mark
    bare = _QUOTED.sub("", value).partition("#")[0]
    return sum(bare.count(mark) for mark in "[{") - sum(bare.count(mark) for mark in "]}"), ""
