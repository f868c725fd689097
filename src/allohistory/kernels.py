"""
Where compiled kernels are kept: one folder per state of the sources.

numba's cache looks only at the file a function stands in, not at the functions it calls, so an
edited callee would leave stale callers. The folder's name is a hash of every source that holds
kernels; it lies in the user's cache directory (`$XDG_CACHE_HOME`, else ``~/.cache``) and a
`$NUMBA_CACHE_DIR` set by the user wins.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import numba
import numpy as np

ZERO, NONE = np.int64(0), np.int64(-1)
"""
A plain 0 has a type of its own, for which numba would compile every function it is handed to once
more; these are int64 like all other integers of the kernels.
"""
HOMES = (
    "kernels.py",
    "noise.py",
    "reference.py",
    "world.py",
    "model/*.py",
    "engine/*.py",
    "check/features.py",
    "check/predicates.py",
    "check/tally.py",
    "question/behaviour.py",
    "question/closeness.py",
    "question/goals.py",
    "search/happenings.py",
    "search/particle.py",
    "answer/probe.py",
)
KEPT = 3
OPTIONS: Final[dict[str, Any]] = {"cache": True, "_nrt": False, "no_cfunc_wrapper": True}


def fingerprint() -> str:
    """Hash of the sources that hold kernels and of numba's version."""
    here = Path(__file__).parent
    digest = blake2b(numba.__version__.encode(), digest_size=8)
    for home in HOMES:
        for path in sorted(here.glob(home)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def folder() -> Path:
    """Folder of the compiled kernels of these sources; made if it can be."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    path = root / "allohistory" / f"kernels-{fingerprint()}"
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir()) / "allohistory" / path.name
    old = sorted(path.parent.glob("kernels-*"), key=lambda p: p.stat().st_mtime)[:-KEPT]
    for stale in old:
        shutil.rmtree(stale, ignore_errors=True)
    return path


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(folder())  # type: ignore[attr-defined]  # made at run time


def kernel(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - numba has no type for it
    """
    Compile a kernel at its first call and keep it.

    Reference counting is off: a kernel makes no arrays, and counting those of its arguments at
    every call costs eight times the work itself. Nothing calls kernels from C.
    """
    return numba.njit(**OPTIONS)(function)


def inlined(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - as above
    """Compile a kernel that LLVM puts in place of each call."""
    return numba.njit(forceinline=True, **OPTIONS)(function)
