"""The shipped parameters: joint draws in one small file, written by `allohistory fit`."""

import json
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from allohistory.errors import RecordError
from allohistory.model import terms as m
from allohistory.model.parameters import Parameters
from allohistory.model.shocks import NODE

FILE = "parameters.npz"


def save(path: Path, draws: list[Parameters], facts: dict[str, Any]) -> None:
    """
    Write draws and the facts of the fit.

    Coefficients are kept as 32-bit floats: the fourth digit of a coefficient is far below its
    standard error, and a third of the size is saved.
    """
    terms = {m.NAMES[p]: list(names) for p, names in m.TERMS.items()}
    buffer = BytesIO()
    np.savez_compressed(
        buffer,
        beta=np.stack([d.beta for d in draws]).astype(np.float32),
        sigma=np.stack([d.sigma for d in draws]).astype(np.float32),
        elicited=np.stack([d.elicited for d in draws]).astype(np.float32),
        drift=np.stack([d.drift for d in draws]).astype(np.float32),
        hold=np.stack([d.hold for d in draws]).astype(np.float32),
        level=np.stack([d.level for d in draws]).astype(np.float32),
        since=draws[0].since,
        facts=np.frombuffer(json.dumps({"terms": terms, **facts}).encode(), np.uint8),
    )
    path.write_bytes(buffer.getvalue())


def read(path: Path | None = None) -> tuple[list[Parameters], dict[str, Any]]:
    """
    Read draws and the facts of the fit.

    Raises
    ------
    RecordError
        The file was written by a version with other terms.
    """
    raw = path.read_bytes() if path else (files("allohistory.model") / FILE).read_bytes()
    with np.load(BytesIO(raw)) as archive:
        found = {name: archive[name] for name in archive.files}
    facts = json.loads(found["facts"].tobytes().decode())
    known = facts["terms"] == {m.NAMES[p]: list(names) for p, names in m.TERMS.items()}
    if not known or "level" not in found:
        raise RecordError(
            "the parameters were fitted with other terms than this version has; "
            "run `allohistory fit`",
            FILE,
        )
    beta, sigma, elicited, drift, hold, level = (
        found[name].astype(np.float64)
        for name in ("beta", "sigma", "elicited", "drift", "hold", "level")
    )
    since = found["since"]
    out = []
    for d in range(len(beta)):
        tilt = np.exp(sigma[d][:, None] * NODE[None, :])
        fields = (beta[d], sigma[d], tilt, elicited[d], drift[d], hold[d], level[d], since)
        out.append(Parameters(*(field.copy() for field in fields)))
    return out, facts


@cache
def shipped() -> tuple[list[Parameters], dict[str, Any]]:
    """The parameters that come with the package."""
    return read()
