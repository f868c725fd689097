"""
The advised probability, kept for askers: weights and logistic of each predicate and cut-off.

The *advised probability* is the stack of the hindcast (`scoring.blend`): log odds of simulation and
of a strongly shrunken logistic, weighted by what earlier cut-offs taught. It holds for history as
it was; beside an intervention a regression on the record has nothing to say. `advising` works the
table out, `scripts/advice.py` ships it, `shipped` reads it.
"""

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from allohistory.check.contenders import FLOOR, Logistic, Scale
from allohistory.check.features import NAMES, TOWARDS, Told, covariates, names_of
from allohistory.check.predicates import PREDICATES, Flags
from allohistory.check.scoring import blend
from allohistory.errors import RecordError

FILE = "advice.npz"
Floats = NDArray[np.float64]


class Advice(NamedTuple):
    """
    What is known at a cut-off of how to answer a predicate.

    Attributes
    ----------
    predicate : str
    cutoff : int
    learnt_to : int
        The latest cut-off that the weights were learnt from; its window had ended by `cutoff`.
    weights : (3,) float64
        As in `scoring.weights`.
    logistic : Logistic
        Fitted on the record as it stood at the cut-off.
    """

    predicate: str
    cutoff: int
    learnt_to: int
    weights: Floats
    logistic: Logistic

    def simple(self, known: Told, pairs: Flags) -> Floats:
        """Probabilities of the logistic for pairs at the end of what is known."""
        x = covariates(known, known.last, pairs, PREDICATES[self.predicate])
        return np.clip(self.logistic(x), FLOOR, 1 - FLOOR)

    def advised(self, sim: Floats, logistic: Floats) -> Floats:
        """Advised probabilities from those of simulation and logistic."""
        return blend(sim, logistic, self.weights)


def save(path: Path, table: list[Advice], facts: dict[str, Any]) -> None:
    """
    Write a table and how it came about; the same table gives the same bytes.

    Coefficients are 32-bit floats, far finer than their standard errors.
    """
    wide = len(NAMES) + len(TOWARDS)

    def padded(value: Floats) -> Floats:
        return np.concatenate([value, np.zeros(wide + 1 - len(value))])

    names = list(dict.fromkeys(row.predicate for row in table))
    told_with = {"predicates": names, "covariates": [*NAMES, *TOWARDS], **facts}
    buffer = BytesIO()
    np.savez_compressed(
        buffer,
        predicate=np.array([names.index(row.predicate) for row in table], np.int16),
        cutoff=np.array([row.cutoff for row in table], np.int16),
        learnt_to=np.array([row.learnt_to for row in table], np.int16),
        weights=np.array([row.weights for row in table], np.float32),
        mean=np.array([padded(row.logistic.scale.mean) for row in table], np.float32),
        sd=np.array([padded(row.logistic.scale.sd) for row in table], np.float32),
        beta=np.array([padded(row.logistic.beta) for row in table], np.float32),
        strength=np.array([row.logistic.strength for row in table], np.float32),
        facts=np.frombuffer(json.dumps(told_with).encode(), np.uint8),
    )
    path.write_bytes(buffer.getvalue())


def read(path: Path | None = None) -> tuple[list[Advice], dict[str, Any]]:
    """
    Read a table and how it came about.

    Raises
    ------
    RecordError
        The file was written by a version with other covariates.
    """
    raw = path.read_bytes() if path else (files("allohistory.model") / FILE).read_bytes()
    with np.load(BytesIO(raw)) as archive:
        found_in = {name: archive[name] for name in archive.files}
    facts = json.loads(found_in["facts"].tobytes().decode())
    if facts["covariates"] != [*NAMES, *TOWARDS]:
        raise RecordError(
            "the advice was learnt with other covariates than this version has; "
            "run scripts/advice.py",
            FILE,
        )
    wide = {n: found_in[n].astype(np.float64) for n in ("weights", "mean", "sd", "beta")}
    out = []
    for r, number in enumerate(found_in["predicate"]):
        name = facts["predicates"][number]
        many = len(names_of(PREDICATES[name]))
        scale = Scale(wide["mean"][r, :many], wide["sd"][r, :many])
        beta, strength = wide["beta"][r, : many + 1], float(found_in["strength"][r])
        when, learnt_to = int(found_in["cutoff"][r]), int(found_in["learnt_to"][r])
        logistic = Logistic(scale, beta, strength)
        out.append(Advice(name, when, learnt_to, wide["weights"][r], logistic))
    return out, facts


@cache
def shipped() -> tuple[list[Advice], dict[str, Any]]:
    """The table that comes with the package."""
    return read()


def latest(table: Iterable[Advice], predicate: str, year: int) -> Advice | None:
    """Advice of a predicate from the latest cut-off by a year, if there is one."""
    mine = [row for row in table if row.predicate == predicate and row.cutoff <= year]
    return max(mine, key=lambda row: row.cutoff, default=None)
