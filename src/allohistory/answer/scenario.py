"""
A scenario card: one small TOML file from which an answer can be had again, and checked.

It holds the question file's own text, what it was asked with, and the hashes of what answered.
"""

import json
import re
import tomllib
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from allohistory.answer.wording import Answer
from allohistory.errors import QuestionError
from allohistory.question.read import parsed

FORMAT = 1
HASHES = ("version", "record", "model")
"""What an answer hangs on besides the question, as its provenance names it."""
_PLAIN = re.compile(r"[\t\n\x20-\x26\x28-\x7e\u00a0-\ud7ff\ue000-\uffff'\U00010000-\U0010ffff]*")
LONGEST = 250
"""Bytes of a name: with its ending, all that file systems take."""
_NAME = re.compile(r"[/\\\x00-\x1f]+")
"""What no name of a file may hold."""


@dataclass(frozen=True, slots=True)
class Card:
    """
    A card as read.

    Attributes
    ----------
    name : str
        What the question's file was called, without its ending.
    text : str
        Text of the question file.
    seed, runs : int
    without : tuple of str
        Mechanisms switched off.
    elicited : bool
    version, record, model : str
        The package's version, and hashes of the record and the model.
    answer : str
        Hash of the answer.
    content : str
        Hash of its numbers and words alone, without what they were made with; empty on cards of
        versions that did not write it.
    """

    name: str
    text: str
    seed: int
    runs: int
    without: tuple[str, ...]
    elicited: bool
    version: str
    record: str
    model: str
    answer: str
    content: str


def content(answer: Answer) -> str:
    """Hash of an answer's numbers and words, whatever they were made with."""
    told = {key: value for key, value in answer.items() if key != "provenance"}
    raw = json.dumps(told, sort_keys=True, ensure_ascii=False).encode()
    return blake2b(raw, digest_size=16).hexdigest()


def card(answer: Answer, text: str) -> str:
    """
    Write a card.

    Parameters
    ----------
    answer : dict
        See `allohistory.answer`.
    text : str
        Text of the question file it answers.
    """
    facts = answer["provenance"]
    lines = [
        "# A scenario card of allohistory: `allohistory rerun THIS` computes the answer again.",
        f"# {''.join(c if c.isprintable() else ' ' for c in answer['headline'])}",
        f"format = {FORMAT}",
        f"name = {quoted(answer['id'])}",
        f"seed = {facts['seed']}",
        f"runs = {facts['runs']}",
        f"without = [{', '.join(quoted(name) for name in facts['without'])}]",
        f"elicited = {str(bool(facts['elicited'])).lower()}",
        "",
        "[made_with]",
        *(f"{name} = {quoted(str(facts[name]))}" for name in HASHES),
        "",
        "[answer]",
        f"hash = {quoted(facts['hash'])}",
        f"content = {quoted(content(answer))}",
        "",
        "[question]",
        f"text = {block(text)}",
        "",
    ]
    return "\n".join(lines)


def quoted(text: str) -> str:
    r"""
    Write a string of TOML on one line.

    Examples
    --------
    >>> print(quoted('a "b"' + chr(127)))
    "a \"b\"\u007f"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def block(text: str) -> str:
    """Write a string of TOML over several lines where it can stand there as it is."""
    if "'''" in text or text.endswith("'") or not _PLAIN.fullmatch(text):
        return quoted(text)
    return f"'''\n{text}'''"


def read_card(text: str, file: str = "") -> Card:
    """
    Read a card.

    Raises
    ------
    QuestionError
        It is no card, or one of a format that this version does not know.
    """
    try:
        found = parsed(text)
    except tomllib.TOMLDecodeError as error:
        raise QuestionError(
            f"this is no TOML: {error}", "a card that ask --card wrote", file
        ) from None
    if found.get("format") != FORMAT:
        raise QuestionError(
            f"this is no scenario card of format {FORMAT}", "a card that ask --card wrote", file
        )

    def get(kind: type, *keys: str) -> Any:  # noqa: ANN401 - checked here
        value: Any = found
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise QuestionError(
                "the card lacks this key or has another type there", "", file, ".".join(keys)
            )
        return value

    without = get(list, "without")
    if not all(isinstance(name, str) for name in without):
        raise QuestionError("the card has other than names here", "", file, "without")
    if get(int, "seed") < 0 or get(int, "runs") < 1:
        raise QuestionError("seed and runs cannot be negative", "", file, "runs")
    return Card(
        name=_NAME.sub("-", get(str, "name")).encode()[:LONGEST].decode(errors="ignore")
        or "question",
        text=get(str, "question", "text"),
        seed=get(int, "seed"),
        runs=get(int, "runs"),
        without=tuple(without),
        elicited=get(bool, "elicited"),
        version=get(str, "made_with", "version"),
        record=get(str, "made_with", "record"),
        model=get(str, "made_with", "model"),
        answer=get(str, "answer", "hash"),
        content=get(str, "answer", "content") if "content" in found["answer"] else "",
    )
