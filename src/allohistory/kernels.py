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
from hashlib import blake2b
from pathlib import Path

import numba

ROOMS = (".", "model", "engine", "counterfactual", "question")
KEPT = 3


def fingerprint() -> str:
    """Hash of the sources that hold kernels and of numba's version."""
    here = Path(__file__).parent
    digest = blake2b(numba.__version__.encode(), digest_size=8)
    for room in ROOMS:
        for path in sorted((here / room).glob("*.py")):
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
    numba.config.CACHE_DIR = str(folder())
