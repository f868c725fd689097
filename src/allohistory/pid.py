"""Which process a number means: numbers are given out again, to strangers too."""

import shutil
import subprocess
from pathlib import Path

_PROC = Path("/proc")
_STATE, _BEGAN = 0, 19
"""Places in ``/proc/N/stat`` after the name, which may hold blanks and brackets."""
_OVER = "ZX"


def born(process: int) -> str:
    """
    When a process began, as text that no later process of its number has.

    Parameters
    ----------
    process : int
        Its number.

    Returns
    -------
    str
        Empty where there is no such process any more (one that only waits to be noticed is none),
        or where this system does not tell.
    """
    if process < 1:
        return ""
    if (_PROC / "self" / "stat").is_file():
        try:
            stat = (_PROC / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
            boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            return ""
        found = stat.rpartition(")")[2].split()
        return "" if found[_STATE] in _OVER else f"{boot} {found[_BEGAN]}"
    ps = shutil.which("ps")
    if ps is None:
        return ""
    told = subprocess.run(  # noqa: S603 - no shell, and a number
        [ps, "-o", "lstart=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return told.stdout.strip()


def same(process: object, began: object) -> bool:
    """Whether a number that was kept still means the process that it meant then."""
    number = isinstance(process, int) and not isinstance(process, bool)
    return number and bool(began) and born(int(str(process))) == began
