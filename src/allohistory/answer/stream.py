"""
The runs of an ask, piece by piece: what was kept from before is read, the rest is rolled and kept.

A unit of a piece is kept under a hash of all that its runs depend on: the record, the parameters,
every source between the two and the runs, the libraries that do arithmetic, and what is asked.
Ids, titles and notes of a question are no part of it, nor are the other units asked about.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import astuple, dataclass, field
from typing import Any

import numpy as np

from allohistory.answer.keys import key_of, world_hash
from allohistory.answer.store import Store
from allohistory.answer.warm import COMPILING, HALVES, compiled, warm
from allohistory.answer.work import Ask, Found, Job, Piece, Unit, pieces, roll, units
from allohistory.executors import Workers


def asked(ask: Ask) -> list[object]:
    """What all units of an ask depend on."""
    return [
        ask.pair,
        ask.yard,
        ask.yard_from,
        ask.horizon,
        ask.last,
        ask.spec.array().tolist(),
        ask.seed,
        ask.off,
        ask.elicited,
        ask.watched,
    ]


def content(unit: Unit) -> object:
    """What a unit is, whatever it is called."""
    return unit if isinstance(unit, int) else [astuple(c) for c in unit.changes]


def key_of_unit(base: str, ask: Ask, piece: Piece, unit: Unit) -> str:
    """Name under which a unit of a piece is kept: what it is, and its runs one by one."""
    replayed = not isinstance(unit, int)
    numbers = [
        (d, *(_span(piece.runs(ask, d, fresh=f)) for f in (True, False) if f or replayed))
        for d in piece.draws
    ]
    return key_of(base, numbers, piece.block == 0)


def _span(numbers: range) -> tuple[int, int]:
    return numbers.start, numbers.stop


def kept_json(store: Store, key: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - any JSON
    """A JSON value from the store, or made and kept."""
    found = store.read(key)
    if found is not None:
        return json.loads(found["json"].tobytes())
    text = json.dumps(make(), default=_number)
    store.write(key, {"json": np.frombuffer(text.encode(), np.uint8)})
    return json.loads(text)


def _number(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in an answer")


@dataclass(slots=True)
class _Waiting:
    """A piece of which some units were kept and the rest is under way."""

    piece: Piece
    found: dict[int, Found]
    missing: list[int]
    rest: Future[Any] | None = None


@dataclass(slots=True)
class Stream:
    """
    The runs of an ask.

    Attributes
    ----------
    ask : Ask
    pool : Workers
    store : Store
    say : callable
        Told when kernels are compiled.
    """

    ask: Ask
    pool: Workers
    store: Store
    say: Callable[..., object]
    units: list[Unit] = field(init=False)
    names: list[str] = field(init=False)
    warmed: bool = False

    def __post_init__(self) -> None:
        self.units = units(self.ask)
        self.names = [key_of(asked(self.ask), content(u)) for u in self.units]

    def _key(self, piece: Piece, n: int) -> str:
        return key_of_unit(self.names[n], self.ask, piece, self.units[n])

    def __iter__(self) -> Iterator[tuple[Piece, list[tuple[Unit, Found]]]]:
        """Pieces in order, each with what was found of every unit."""
        waiting: deque[_Waiting] = deque()
        for piece in pieces(self.ask):
            waiting.append(self._begin(piece))
            if len(waiting) >= self.pool.width:
                yield self._end(waiting.popleft())
        while waiting:
            yield self._end(waiting.popleft())

    def _begin(self, piece: Piece) -> _Waiting:
        found, missing = {}, []
        for n in range(len(self.units)):
            kept = self.store.read(self._key(piece, n))
            if kept is None:
                missing.append(n)
            else:
                found[n] = Found(kept["rows"], kept["chain"])
        begun = _Waiting(piece, found, missing)
        if missing:
            if not self.warmed and (self.pool.many or not compiled()):
                self.say("loading" if compiled() else COMPILING)
                list(self.pool.map(warm, HALVES))
            self.warmed = True
            job = Job(self.ask, piece, tuple(self.units[n] for n in missing), world_hash())
            begun.rest = self.pool.pool.submit(roll, job)
        return begun

    def _end(self, begun: _Waiting) -> tuple[Piece, list[tuple[Unit, Found]]]:
        if begun.rest is not None:
            for n, found in zip(begun.missing, begun.rest.result(), strict=True):
                self.store.write(self._key(begun.piece, n), found._asdict())
                begun.found[n] = found
        return begun.piece, [(unit, begun.found[n]) for n, unit in enumerate(self.units)]
