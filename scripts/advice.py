#!/usr/bin/env python
"""
Learn the advised probability anew and ship it: src/allohistory/model/advice.npz.

    python scripts/advice.py                        # as it ships: 300 runs a cut-off, seed 1
    python scripts/advice.py --runs 2000 --jobs 2   # with more worlds

The file holds the command and the hash of the record; the same command on the same record with
the same version gives the same file, whatever the number of jobs. Ten minutes on one core.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path

from allohistory import __version__
from allohistory.check.advice import FILE, save
from allohistory.check.advising import CUTOFFS, RUNS, advise
from allohistory.check.everything import hash_of
from allohistory.check.trees import limit, single

HOME = Path(__file__).resolve().parents[1] / "src" / "allohistory" / "model" / FILE


def main() -> int:
    """Write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, default=HOME)
    given = parser.parse_args()
    pool = nullcontext()
    if given.jobs > 1:
        pool = ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn"), initializer=limit)
    with single(), pool as executor:
        table, tracks = advise(
            None,
            CUTOFFS,
            given.runs,
            given.seed,
            executor=executor,
            say=lambda text: print(text, file=sys.stderr, flush=True),
        )
    facts = {
        "command": f"python scripts/advice.py --runs {given.runs} --seed {given.seed}",
        "runs": given.runs,
        "seed": given.seed,
        "cutoffs": list(CUTOFFS),
        "record": hash_of(None),
        "version": __version__,
        "tracks": tracks,
    }
    save(given.out, table, facts)
    print(f"{len(table)} rows in {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
