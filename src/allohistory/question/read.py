"""Reading of question files: every mistake is one sentence that names file, line and key."""

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from allohistory.errors import QuestionError
from allohistory.question.acts import Sheet
from allohistory.question.lines import key_on, line_of, lines_of
from allohistory.question.shelf import names_in
from allohistory.question.spec import HEADS, QuestionFile
from allohistory.question.text import MOST, text_of, too_long, unfit

_AT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_QUOTED = re.compile(r"'([^']*)'")
_DEEP = re.compile(r"(?<![\w\-\"'])(?:(?:[\w\-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}")
S = TypeVar("S", bound=Sheet)


class Sourced(Protocol):
    """Any file with steps: it can say where one of its keys is wrong."""

    def error(self, what: str, key: str = "", instead: str = "") -> QuestionError:
        """Error at a key of this file."""


@dataclass(frozen=True, slots=True)
class Source:
    """
    A question file as read.

    Attributes
    ----------
    spec : QuestionFile
        Its tables.
    file : str
        Name of the file; empty where the text came from none.
    text : str
        The text itself, for those who want to show it.
    lines : dict of str to int
        Line of every key.
    """

    spec: QuestionFile
    file: str = ""
    text: str = ""
    lines: dict[str, int] = field(default_factory=dict)

    def error(self, what: str, key: str = "", instead: str = "") -> QuestionError:
        """Error at a key of this file."""
        return QuestionError(what, instead, self.file, key, line_of(self.lines, key))


def text_by(name: str | Path, folder: str, kind: str) -> tuple[str, str]:
    """
    Text and file name of a file of the package by its name, or of a reader's by its path.

    Parameters
    ----------
    name : str or Path
    folder : str
        Of this package.
    kind : str
        What it is, for the refusal.

    Raises
    ------
    QuestionError
        There is no such file; the nearest names are given.
    """
    known = names_in(folder)
    if str(name) in known:
        place = files("allohistory.question").joinpath(folder, f"{name}.toml")
        return place.read_text(encoding="utf-8"), f"{name}.toml"
    try:
        return text_of(name), str(name)
    except OSError as error:
        near = quoted(nearest(str(name), known) or known)
        why = f"there is no {kind} file or bundled {kind} of that name ({error.strerror})"
        raise QuestionError(why, near, name) from None


def read(name: str | Path) -> Source:
    """
    Read a question file, or a bundled question by its name.

    Raises
    ------
    QuestionError
        The file is not there, not TOML or not a question.
    """
    return read_text(*text_by(name, "bundled", "question"))


def read_text(text: str, file: str = "") -> Source:
    """
    Read the text of a question file.

    Raises
    ------
    QuestionError
        It is not TOML or not a question.
    """
    spec, lines = table_of(QuestionFile, text, file)
    return Source(spec, file, text, lines)


def parsed(text: str) -> dict[str, Any]:
    """
    Values of a text in TOML, in a time that grows no faster than the text.

    Raises
    ------
    tomllib.TOMLDecodeError
        It is not TOML, or too long or too deep: tomllib recurses into brackets, and takes the
        square of a dotted key's parts.
    """
    if len(text) > MOST:
        raise tomllib.TOMLDecodeError(too_long())
    if _DEEP.search(text):
        raise tomllib.TOMLDecodeError("a key of more than 64 parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError("nested too deeply") from None


def table_of(model: type[S], text: str, file: str = "") -> tuple[S, dict[str, int]]:
    """
    Read a text in TOML as a typed table, and tell the line of every key.

    Raises
    ------
    QuestionError
        It is not TOML or not such a table.
    """
    if len(text) > MOST:
        raise QuestionError(too_long(), file=file)
    lines = lines_of(text)
    try:
        data = parsed(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        line = int(at[1]) if at and at[1] else max(len(text.splitlines()), 1)
        what = _AT.sub("", str(error))
        key = key_on(text, line)
        if "nclosed" in what and lines:
            # `lines_of` notes no keys after the one whose bracket stays open.
            key, line = list(lines.items())[-1]
        what = f"this is not TOML: {what[:1].lower()}{what[1:]}".replace("\n", "end of line")
        raise QuestionError(what, "", file, key, line) from None
    for key, what, instead in unfit(data):
        raise QuestionError(what, instead, file, key, line_of(lines, key))
    try:
        table = model.model_validate(data)
    except ValidationError as error:
        key, what, instead = _sentence(error)
        raise QuestionError(what, instead, file, key, line_of(lines, key)) from None
    return table, lines


def nearest(text: str, known: Iterable[str]) -> list[str]:
    """
    Known words nearest to a text, at most two.

    Examples
    --------
    >>> nearest("margn", ["war", "margin"])
    ['margin']
    """
    shown = {word.casefold(): word for word in known}
    return [shown[word] for word in difflib.get_close_matches(text.casefold(), shown, 2, 0.6)]


def quoted(words: Iterable[str]) -> str:
    """
    Words as a reader copies them.

    Examples
    --------
    >>> quoted(["a", "b", "c"])
    '"a", "b" or "c"'
    """
    marked = [f'"{word}"' for word in words]
    return " or ".join(part for part in (", ".join(marked[:-1]), *marked[-1:]) if part)


def _sentence(error: ValidationError) -> tuple[str, str, str]:
    """Key, clause and advice of the first thing that is wrong."""
    found = error.errors(include_url=False)[0]
    context: dict[str, Any] = found.get("ctx", {})
    parts = [part for part in found["loc"] if not str(part).startswith("<")]
    kind, value = found["type"], found["input"]
    if kind == "unknown_key":
        wrong, known = str(context["key"]), context["known"]
        key = _dotted([*parts, wrong])
        return key, f'no key is called "{wrong}" here', quoted(nearest(wrong, known)[:1] or known)
    key = _dotted(parts)
    if kind == "missing":
        what = f'the key "{parts[-1]}" is missing{_example(parts[-1])}'
        return _dotted(parts[:-1]) or key, what, ""
    if kind == "union_tag_not_found":
        return key, *_no_head(str(parts[-1]), value)
    if kind == "literal_error":
        known = _QUOTED.findall(context["expected"])
        what = f'"{value}" is not known here'
        return key, what, quoted(nearest(str(value), known) or known) or context["expected"]
    what = found["msg"].replace("Input should", "it should")
    if kind == "string_pattern_mismatch":
        what = "it should have small letters, digits and hyphens only"
    if kind not in {"one_verb", "sense_test"} and not isinstance(value, dict | list):
        shown = f'"{value}"' if isinstance(value, str) else str(value)
        what = f"{shown} is wrong: {what[:1].lower()}{what[1:]}"
    return key, what, _repaired(kind, value, context)


def _no_head(verb: str, value: object) -> tuple[str, str]:
    """Clause and advice for a verb's table whose kind cannot be told."""
    words = [str(key) for key in value] if isinstance(value, dict) else []
    near = [head for word in words for head in nearest(word, HEADS[verb])][:1]
    what = f"nothing here says what to {verb}"
    if words:
        what += f' ("{words[0]}" is no such key)'
    return what, f"a table with the key {quoted(near or HEADS[verb])}"


def _repaired(kind: str, value: object, context: dict[str, Any]) -> str:
    """Nearest value that would have done, where there is one."""
    if kind == "int_type" and isinstance(value, str) and value.strip().isdigit():
        return value.strip()
    for mark in ("ge", "le"):
        if mark in context and isinstance(value, int | float):
            return str(context[mark])
    if kind == "string_pattern_mismatch" and isinstance(value, str):
        return f'"{"-".join(re.findall(r"[a-z0-9]+", value.casefold())) or "a-name"}"'
    return ""


def _example(key: str | int) -> str:
    """How a missing key may look."""
    examples = {
        "year": "year = 1905",
        "title": 'title = "Japan loses in 1905"',
        "pair": 'pair = ["Japan", "China"]',
        "divergence": "divergence = { from = 1900, to = 1999, grace = 20 }",
        "goal": "[goal] with lasting = { years = 20 }",
        "pod": "a table [[pod]]",
        "step": "a table [[pod.step]]",
        "outcome": 'outcome = "Russia wins"',
        "obligations": 'obligations = ["defense", "consultation"]',
        "factor": "factor = 2.0",
    }
    found = examples.get(str(key), "")
    return f", as in {found}" if found else ""


def _dotted(parts: Iterable[str | int]) -> str:
    """Path as errors show it."""
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path
