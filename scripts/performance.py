#!/usr/bin/env python
"""
Rewrite the marked sections of docs/performance.md from what `allohistory bench` measured.

    python scripts/performance.py                         # from docs/bench.json
    python scripts/performance.py FILE                    # from a newer result, kept there
    python scripts/performance.py --measure --record DIR  # measure first: ten minutes

A section stands between `<!-- begin: NAME -->` and `<!-- end -->`; what is outside stays as it is.
"""

import argparse
import json
import sys
from pathlib import Path

from allohistory.answer.card import fill, marked
from allohistory.bench.measure import run
from allohistory.bench.page import sections
from allohistory.errors import AllohistoryError

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE, RESULT = DOCS / "performance.md", DOCS / "bench.json"


def main() -> int:
    """Rewrite the page."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    options.add_argument("file", type=Path, nargs="?", default=RESULT, metavar="FILE")
    options.add_argument("--measure", action="store_true", help="measure first")
    options.add_argument("--record", type=Path, help="a larger record, with --measure")
    given = options.parse_args()
    if given.measure:
        try:
            result = run(record=given.record, say=lambda text: sys.stderr.write(f"{text}\n"))
        except AllohistoryError as error:
            sys.stderr.write(f"{error}\n")
            return 2
    else:
        result = json.loads(given.file.read_text(encoding="utf-8"))
    text = json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False)
    RESULT.write_text(text + "\n", encoding="utf-8")
    written, page = sections(result), PAGE.read_text(encoding="utf-8")
    PAGE.write_text(fill(page, written), encoding="utf-8")
    missing = sorted(set(written) - set(marked(page)))
    if missing:
        sys.stderr.write(f"{PAGE.name} has no section for: {', '.join(missing)}\n")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
