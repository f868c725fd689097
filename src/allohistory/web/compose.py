"""From the fields of a form to the text of a question file, and back to what it means."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import tomli_w

from allohistory.answer.keys import world_hash
from allohistory.errors import AllohistoryError, QuestionError
from allohistory.model.shipped import shipped
from allohistory.question import acts
from allohistory.question.read import parsed, read, read_text
from allohistory.question.resolve import Question, resolve
from allohistory.question.shelf import bundled
from allohistory.web.kinds import KINDS

_LISTS = {
    "war": "wars", "join": "wars", "neutrality": "wars", "demand": "wars", "civil_war": "wars",
    "treaty": "treaties", "treaty_end": "treaties",
    "leader": "leaders", "leader_exit": "leaders", "bound_to": "leaders",
    "annexed": "units", "dependency": "units", "freed": "units", "to": "",
}  # fmt: skip
_STATES = {
    "state", "side", "initiator", "target", "embargo", "toward", "patron", "owner", "capability",
    "members", "rivalry", "rivalry_end", "peace", "ambition", "from",
}  # fmt: skip
LABELS: dict[tuple[str, str], str] = {
    ("", "war"): "Which war",
    ("", "outcome"): "How it ends (as: Russia wins, draw)",
    ("", "margin"): "By what margin",
    ("", "year"): "In which year",
    ("", "until"): "Until which year",
    ("", "from"): "From which year",
    ("", "to"): "To which year",
    ("", "new_war"): "What the war is called",
    ("", "initiator"): "Who begins it",
    ("", "target"): "Against whom",
    ("", "join"): "Which war",
    ("", "state"): "Which state",
    ("", "side"): "On the side of",
    ("", "round"): "How soon (1 at once, 3 last)",
    ("", "dispute"): "How far it goes",
    ("", "neutrality"): "In which war",
    ("", "embargo"): "To whom it sells nothing (leave empty for nobody)",
    ("", "demand"): "In which war",
    ("", "answer"): "What becomes of it (leave empty where a later step says)",
    ("", "peace"): "The two states",
    ("", "treaty"): "Which treaty",
    ("force.treaty", "treaty"): "What the treaty is called",
    ("", "members"): "Who signs it",
    ("", "obligations"): "What they promise: defense, offense, neutrality, ...",
    ("", "bound_to"): "Stands and falls with which leader",
    ("", "treaty_end"): "Which treaty",
    ("", "rivalry"): "The two states",
    ("", "rivalry_end"): "The two states",
    ("", "capability"): "Which state",
    ("", "factor"): "Times what (2 doubles, 0.5 halves)",
    ("", "regime"): "Which regime",
    ("", "leader"): "Which leader",
    ("", "patron"): "With the help of which state",
    ("", "how"): "By what means",
    ("", "leader_exit"): "Which leader",
    ("move.leader_exit", "to"): "Leaves in which year",
    ("", "civil_war"): "Which civil war",
    ("", "winner"): "Who wins it",
    ("", "annexed"): "Which land",
    ("", "owner"): "Who takes it",
    ("", "dependency"): "Which land",
    ("", "freed"): "Which land",
    ("", "propensity"): "What grows (as: sympathy, grievance)",
    ("", "toward"): "Toward whom",
    ("", "years"): "First and last year",
    ("", "ambition"): "Which state",
    ("move.ambition", "from"): "Turns away from",
    ("move.ambition", "to"): "Turns to",
}
"""What an input is called in the form, of a kind of step or (with an empty kind) of all."""
MOST = 1 << 20
"""Bytes of a question that the form takes."""


@dataclass(frozen=True, slots=True)
class Field:
    """
    An input of the form of a step.

    Attributes
    ----------
    name, label : str
    kind : str
        ``text``, ``int``, ``float``, ``list`` (of text), ``ints`` or ``choice``.
    needed : bool
    choices : tuple of str
    offers : str
        Id of the list of names it offers; empty for none.
    """

    name: str
    label: str
    kind: str
    needed: bool
    choices: tuple[str, ...] = ()
    offers: str = ""


def fields(kind: str) -> tuple[Field, ...]:
    """Inputs of a kind of step, read off its table."""
    if kind not in KINDS:
        raise QuestionError(f'no kind of step is called "{kind[:60]}"', next(iter(KINDS)))
    out = []
    sheet: type[acts.Sheet] = getattr(acts, KINDS[kind][1])
    for name, found in sheet.model_fields.items():
        key = found.alias or name
        shape, choices = _shape(found.annotation)
        states = key in _STATES and shape in ("text", "list")
        offers = "states" if states else _LISTS.get(key, "")
        if shape in ("int", "float", "ints", "choice"):
            offers = ""
        words = LABELS.get((kind, key)) or LABELS.get(("", key)) or key.replace("_", " ")
        label = words + (" (comma between)" if shape in ("list", "ints") else "")
        out.append(Field(key, label, shape, found.is_required(), choices, offers))
    return tuple(out)


def _shape(hint: Any) -> tuple[str, tuple[str, ...]]:  # noqa: ANN401 - any annotation
    origin = get_origin(hint)
    if origin is Annotated:
        return _shape(get_args(hint)[0])
    if origin in (Union, UnionType):
        return _shape(next(part for part in get_args(hint) if part is not type(None)))
    if origin is Literal:
        values = get_args(hint)
        return ("choice", tuple(map(str, values)))
    if origin is list:
        inner, choices = _shape(get_args(hint)[0])
        return ("ints" if inner == "int" else "list", choices)
    return ({int: "int", float: "float"}.get(hint, "text"), ())


def step(kind: str, given: Mapping[str, str]) -> dict[str, Any]:
    """
    A step of a question file from the inputs of its form.

    Raises
    ------
    QuestionError
        An input that is needed is empty, or no number where one belongs.
    """
    act: dict[str, Any] = {}
    for one in fields(kind):
        text = given.get(one.name, "").strip()
        if not text:
            if one.needed and one.kind != "list":
                raise QuestionError(f'"{one.label}" is empty', "a value")
            if one.needed:
                act[one.name] = []
            continue
        act[one.name] = _value(one, text)
    out: dict[str, Any] = {KINDS[kind][2]: act}
    chance = given.get("probability", "").strip()
    if chance:
        out["probability"] = _value(Field("probability", "probability", "float", False), chance)
    if given.get("note", "").strip():
        out["note"] = given["note"].strip()
    return out


def _value(one: Field, text: str) -> Any:  # noqa: ANN401 - a value of TOML
    try:
        if one.kind == "int":
            return int(text)
        if one.kind == "float":
            return float(text)
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if one.kind == "ints":
            return [int(part) for part in parts]
    except ValueError:
        raise QuestionError(f'"{one.label}" is "{text[:40]}"', "a number") from None
    return parts if one.kind == "list" else text


def sentence(given: Mapping[str, str]) -> str:
    """The text of a question file from the fill-in sentence, without a point of divergence."""
    one, other = given.get("one", "").strip(), given.get("other", "").strip()
    start, end = _number(given, "from"), _number(given, "to")
    years, horizon = _number(given, "years"), _number(given, "horizon")
    goal: dict[str, Any] = {
        "independent": True,
        "firm": {"level": 2, "behaviour": True},
        "lasting": {"years": years},
    }
    if given.get("mutual"):
        goal["closest"] = {"among": "majors", "mutual": True, "share": 0.8}
    table = {
        "question": f"After {start}, how could {one} and {other} form a firm and lasting alliance?",
        "pair": [one, other],
        "divergence": {"from": start, "to": end, "grace": 20},
        "horizon": horizon,
        "goal": goal,
        "pod": [],
    }
    return tomli_w.dumps(table)


def _number(given: Mapping[str, str], key: str) -> int:
    return int(_value(Field(key, key, "int", needed=True), given.get(key, "").strip() or "0"))


def with_step(text: str, title: str, made: dict[str, Any], *, new: bool) -> str:
    """The text of a question file with one more step: of a new way, or of the last one."""
    try:
        table = parsed(text)
    except tomllib.TOMLDecodeError as error:
        raise QuestionError(f"the file is not TOML: {error}") from None
    ways = table.setdefault("pod", [])
    if not isinstance(ways, list) or not all(isinstance(way, dict) for way in ways):
        raise QuestionError('"pod" is not a list of tables', "[[pod]]")
    if new or not ways:
        name = "".join(c if c.isascii() and c.isalnum() else "-" for c in title.lower())
        slug = "-".join(part for part in name.split("-") if part)[:60] or "way"
        taken = [way.get("id") for way in ways]
        number = next(n for n in range(1, len(ways) + 3) if _named(slug, n) not in taken)
        ways.append({"id": _named(slug, number), "title": title or "A way", "step": []})
    steps = ways[-1].setdefault("step", [])
    if not isinstance(steps, list):
        raise QuestionError('"step" is not a list of tables', "[[pod.step]]")
    steps.append(made)
    return tomli_w.dumps(table)


def _named(slug: str, number: int) -> str:
    return slug if number == 1 else f"{slug}-{number}"


@dataclass(frozen=True, slots=True)
class Checked:
    """
    What a question file means.

    Attributes
    ----------
    error : str
        Why it cannot be asked; empty if it can.
    question : Question or None
    wrong : QuestionError, optional
        What is wrong with a file that could be read.
    """

    error: str
    question: Question | None
    wrong: QuestionError | None = None


@lru_cache(16)
def check(text: str) -> Checked:
    """Read and resolve the text of a question file; a mistake is a sentence, not an exception."""
    if len(text.encode()) > MOST:
        return Checked(f"The file is longer than {MOST // 1024:,} kilobytes.", None)
    try:
        if not parsed(text).get("pod", ["unknown"]):
            return Checked("Now add a point of divergence: choose above what happens.", None)
        return Checked("", resolve(read_text(text, "question.toml")))
    except tomllib.TOMLDecodeError as error:
        return Checked(f"The file is not TOML: {error}.", None)
    except QuestionError as error:
        return Checked(str(error), None, error)
    except AllohistoryError as error:
        return Checked(str(error), None)


def titled(kind: str, given: Mapping[str, str]) -> str:
    """Title of a way nobody named: what kind of step it is and what the first input names."""
    named = given.get(fields(kind)[0].name, "").strip()
    return f"{KINDS[kind][0]}: {named}" if named else KINDS[kind][0]


def fitting(before: str, longer: str) -> str:
    """
    The text with one more step, if that step fits.

    A file that was wrong before gets its step all the same, for its writer may be in the midst of
    mending it.

    Raises
    ------
    QuestionError
        The step is what is wrong: kept, it would be wrong still once a better one stands beside it.
    """
    found = check(longer).wrong
    if found and not check(before).wrong:
        raise QuestionError(f"This step was not added: {found.what}", found.instead)
    return longer


def ready() -> None:
    """Read what the first question asked would wait for: a second, once."""
    check(read(bundled()[0]).text)
    world_hash()
    shipped()
