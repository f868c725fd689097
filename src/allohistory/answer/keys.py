"""Names under which results are kept: hashes of all that they depend on."""

import json
import platform
from functools import cache
from hashlib import blake2b
from pathlib import Path

import numba
import numpy as np

HOMES = (
    "*.py",
    "answer/*.py",
    "check/predicates.py",
    "counterfactual/*.py",
    "engine/*.py",
    "model/*",
    "question/*.py",
    "record/*.py",
    "record/core/*.csv",
    "search/*.py",
)
"""Files that make a run what it is, and those that tell of it."""


@cache
def world_hash() -> str:
    """Hash of the record, the parameters, the sources and the libraries that do arithmetic."""
    here = Path(__file__).parents[1]
    versions = (numba.__version__, np.__version__, platform.machine(), platform.python_version())
    digest = blake2b(json.dumps(versions).encode(), digest_size=16)
    for home in HOMES:
        for path in sorted(here.glob(home)):
            if path.is_file():
                raw = path.read_bytes()
                digest.update(f"{path.relative_to(here).as_posix()} {len(raw)} ".encode())
                digest.update(raw)
    return digest.hexdigest()


def key_of(*parts: object) -> str:
    """Name under which something is kept that depends on these parts and on the sources."""
    text = json.dumps([world_hash(), *parts])
    return blake2b(text.encode(), digest_size=20).hexdigest()
