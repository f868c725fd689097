"""Ledger files: a thread's rows, the question they are asked of, and what more is rolled."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from allohistory.answer.probe import QUANTITIES
from allohistory.counterfactual.intervention import Plan
from allohistory.errors import QuestionError, UnknownNameError
from allohistory.model import terms as m
from allohistory.model.switches import names as mechanisms
from allohistory.question.acts import Sheet
from allohistory.question.lines import line_of
from allohistory.question.read import Source, nearest, parsed, quoted, read, table_of
from allohistory.question.resolve import Question, resolve
from allohistory.question.text import text_of
from allohistory.question.yardstick import RULES
from allohistory.record.names import find_state, find_war
from allohistory.thread.citations import cited
from allohistory.thread.claims import (
    BASELINE,
    BEST,
    MEASURES,
    NO_MEASURE,
    Effect,
    Falls,
    Lasts,
    Measure,
    Reaction,
)
from allohistory.thread.claims_file import LedgerFile, Row
from allohistory.thread.draft import finished
from allohistory.thread.premises import facts

SUFFIX = ".ledger.toml"
RESTING = (Effect, Falls, Lasts, Reaction)
"""Measures that can be computed without a mechanism too (`Row.rests`)."""
POD_KEYS = ("pod", "goal", "without", "gain", "over", "verdicts", "chain", "window")
"""Keys of measures that name a point of divergence."""


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """
    A ledger as read.

    Attributes
    ----------
    file : LedgerFile
    text : str
        As it was written.
    source, posed : Source, Question
        The question its rows are asked of.
    plans : tuple of Plan
        Points of divergence of its own, rolled beside those of the question.
    texts : dict of str to list of str
        Steps of these, one line each.
    """

    file: LedgerFile
    text: str
    source: Source
    posed: Question
    plans: tuple[Plan, ...]
    texts: dict[str, list[str]]

    def plan(self, name: str) -> Plan:
        """Plan of an id, the ledger's own or the question's."""
        return {p.id: p for p in (*self.posed.plans, *self.plans)}[name]

    def owns(self, name: str) -> bool:
        """Whether a point of divergence is the ledger's own."""
        return any(plan.id == name for plan in self.plans)


def bundled() -> tuple[str, ...]:
    """
    Names of the ledgers that the package brings along.

    Examples
    --------
    >>> bundled()
    ('sino-japanese-alliance',)
    """
    folder = files("allohistory.thread").joinpath("bundled")
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(n.removesuffix(SUFFIX) for n in names if n.endswith(SUFFIX)))


def read_ledger(name: str | Path) -> Ledger:
    """
    Read a ledger file, or a bundled ledger by its name.

    Raises
    ------
    QuestionError
        It is not there, not a ledger, or names what nobody knows.
    """
    if str(name) in bundled():
        place = files("allohistory.thread").joinpath("bundled", f"{name}{SUFFIX}")
        return read_text(place.read_text(encoding="utf-8"), f"{name}{SUFFIX}")
    try:
        text = text_of(name)
    except OSError as error:
        near = quoted(nearest(str(name), bundled()) or bundled())
        why = f"there is no ledger of that name, in a file or bundled ({error.strerror})"
        raise QuestionError(why, near, name) from None
    return read_text(text, str(name))


def read_text(text: str, file: str = "") -> Ledger:
    """
    Read the text of a ledger, or of a draft that a person has filled in.

    Raises
    ------
    QuestionError
        It is no ledger, or names what nobody knows.
    """
    places: tuple[int, ...] | None = None
    try:
        if "[[claim]]" in text and "[[row]]" not in text and _is_toml(text):
            text, places = finished(text)
        return _read(text, file)
    except QuestionError as error:
        raise _placed(error, text, file, places) from None


def _is_toml(text: str) -> bool:
    """Whether a text can be read at all; what is wrong with it is told as of any ledger."""
    try:
        parsed(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _placed(
    error: QuestionError, text: str, file: str, places: tuple[int, ...] | None
) -> QuestionError:
    """An error with its file; of a draft, at the claim that a row was."""
    found = re.match(r"row\[(\d+)\]", error.key)
    if found and error.what.startswith(NO_MEASURE):
        instead = _meant(tomllib.loads(text), error.key)
        what = f"{NO_MEASURE} that is known" if instead else error.what
        error = QuestionError(what, instead, error.file, error.key, error.line)
    if places is None or found is None:
        return QuestionError(error.what, error.instead, error.file or file, error.key, error.line)
    k = int(found[1])
    row = tomllib.loads(text)["row"][k]
    what = error.what.removeprefix(f"row {row.get('n')}: ")
    key = f"claim[{places[k]}]{error.key[found.end() :]}"
    what = f"claim {row.get('n', places[k] + 1)}: {what}"
    return QuestionError(what, error.instead, file, key, error.line)


def _meant(value: Any, key: str) -> str:  # noqa: ANN401 - of a file
    """Kind of measure that a key of a table was meant to be, with what it is."""
    for name, at in re.findall(r"(\w+)|\[(\d+)\]", key):
        value = value[name] if name else value[int(at)]
    words = list(value) if isinstance(value, dict) else []
    near = [kind for word in words for kind in nearest(word, MEASURES)][:1]
    return f"a table with the key {quoted(near)}" if near else ""


def _read(text: str, file: str) -> Ledger:
    table, lines = table_of(LedgerFile, text, file)
    source = read(_beside(table.question, file))
    posed = resolve(source)
    _regions(table, file, lines)
    own, texts = _own(table, source, file, lines)
    ledger = Ledger(table, text, source, posed, own, texts)
    seen: set[int] = set()
    for k, row in enumerate(table.row):
        key = f"row[{k}]"
        if row.n in seen:
            raise QuestionError(
                f"two rows have the number {row.n}", "", file, key, line_of(lines, key)
            )
        seen.add(row.n)
        checks = [(f"{key}.by", row.by)] + [(f"{key}.beside", m) for m in row.beside]
        for where, measure in checks:
            with _at(file, where, lines, row.n):
                _known(measure, ledger)
        if row.rests:
            with _at(file, f"{key}.rests", lines, row.n):
                _one_of(row.rests, mechanisms(), "switch")
                if not isinstance(row.by, RESTING) or row.test is None:
                    raise QuestionError(
                        "only a tested effect, reaction, fall or length of a pact can rest on a "
                        "mechanism",
                        'no "rests"',
                    )
        for work in row.source:
            with _at(file, f"{key}.source", lines, row.n):
                cited(work)
    return ledger


@contextmanager
def _at(file: str, key: str, lines: dict[str, int], n: int) -> Iterator[None]:
    """Errors within are of a row of a file."""
    try:
        yield
    except QuestionError as error:
        what = f"row {n}: {error.what}"
        raise QuestionError(what, error.instead, file, key, line_of(lines, key)) from None


def _regions(table: LedgerFile, file: str, lines: dict[str, int]) -> None:
    """Refuse states of a region that the record does not have."""
    for k, region in enumerate(table.region):
        for text in region.states:
            try:
                find_state(text)
            except UnknownNameError as error:
                key = f"region[{k}].states"
                line = line_of(lines, key)
                raise QuestionError(error.what, quoted(error.nearest), file, key, line) from None


def _beside(question: str, file: str) -> str:
    """The question's file, looked for beside the ledger first."""
    near = Path(file).parent / question
    try:
        return str(near) if file and near.is_file() else question
    except OSError:  # too long for a name
        return question


def _own(
    table: LedgerFile, source: Source, file: str, lines: dict[str, int]
) -> tuple[tuple[Plan, ...], dict[str, list[str]]]:
    """Points of divergence of the ledger, mapped under the head of its question."""
    if not table.pod:
        return (), {}
    taken = {pod.id for pod in source.spec.pod}
    for pod in table.pod:
        if pod.id in taken:
            what = f'the question has a point of divergence called "{pod.id}" already'
            raise QuestionError(what, f'"{pod.id}-2"', file)
    spec = source.spec.model_copy(update={"pod": list(table.pod)})
    plans = resolve(Source(spec, file, "", lines)).plans
    texts = {pod.id: [step.note or step.verb for step in pod.step] for pod in table.pod}
    return plans, texts


def _known(measure: Measure, ledger: Ledger) -> None:
    """Refuse names that nothing answers to."""
    pods = [plan.id for plan in (*ledger.posed.plans, *ledger.plans)]
    fields: dict[str, object] = dict(measure)
    named = [fields.get(key) for key in POD_KEYS]
    for key in ("any_of", "others"):
        some = fields.get(key)
        named += list(some) if isinstance(some, list) else []
    for name in named:
        if isinstance(name, str) and name not in {BEST, BASELINE}:
            _one_of(name, pods, "point of divergence")
    if fields.get("region"):
        _one_of(str(fields["region"]), [r.name for r in ledger.file.region], "region")
    quantities = [name for name, _ in QUANTITIES]
    for key, known in (
        ("effect", quantities),
        ("follows", quantities),
        ("switch", mechanisms()),
        ("milestone", list(RULES)),
        ("fact", list(facts())),
    ):
        if isinstance(fields.get(key), str):
            _one_of(str(fields[key]), known, key)
    if fields.get("quantity") not in {None, "goal"}:
        _one_of(str(fields["quantity"]), quantities, "quantity")
    if isinstance(fields.get("term"), list):
        process, term = (str(part) for part in measure.term)  # type: ignore[union-attr]
        codes = {name: code for code, name in m.NAMES.items() if code in m.TERMS}
        _one_of(process, list(codes), "process")
        _one_of(term, list(m.TERMS[codes[process]]), "term")
    _names(fields)


def _names(fields: dict[str, object]) -> None:
    """Refuse states and wars that the record does not have."""
    try:
        for key in ("share", "capability", "powers", "disputes", "threat"):
            some = fields.get(key)
            for text in some if isinstance(some, list) else []:
                find_state(str(text))
        for key in ("rate", "of", "from_"):
            if isinstance(fields.get(key), str):
                find_state(str(fields[key]))
        if isinstance(fields.get("coding"), str):
            find_war(str(fields["coding"]))
    except UnknownNameError as error:
        raise QuestionError(error.what, quoted(error.nearest)) from None


def _one_of(name: str, known: list[str], kind: str) -> None:
    if name not in known:
        raise QuestionError(
            f'no {kind} is called "{name}"', quoted(nearest(name, known) or known[:3])
        )


def rows(ledger: Ledger) -> tuple[Row, ...]:
    """Rows in the order of their numbers."""
    return tuple(sorted(ledger.file.row, key=lambda row: row.n))


def measures(ledger: Ledger) -> list[Sheet]:
    """Every measure of a ledger, in the order of its rows."""
    return [measure for row in rows(ledger) for measure in (row.by, *row.beside)]


def chosen(ledger: Ledger, numbers: list[int]) -> list[int]:
    """
    Check numbers of rows.

    Raises
    ------
    QuestionError
        The ledger has no such row.
    """
    known = [row.n for row in rows(ledger)]
    for n in numbers:
        if n not in known:
            near = str(min(known, key=lambda k: (abs(k - n), k)))
            raise QuestionError(f"this ledger has no row {n}", near)
    return numbers
