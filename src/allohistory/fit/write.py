"""Write what `allohistory fit` ships: draws, and coefficients a scholar can read."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from allohistory.fit.calibrate import MOMENTS, calibrated
from allohistory.fit.estimate import Fit, fit
from allohistory.model import terms as m
from allohistory.model.elicited import catalogue
from allohistory.model.shipped import save

Z90 = 1.6449


def coefficients(found: Fit) -> str:
    """Coefficients as CSV: mode, 90% interval, cases, and whether fitted or elicited."""
    fixed = {(e.process, e.term): e for e in catalogue() if e.process is not None}
    buffer = io.StringIO()
    table = csv.writer(buffer, lineterminator="\n")
    table.writerow(
        [
            "process",
            "alternative",
            "term",
            "estimate",
            "low",
            "high",
            "provenance",
            "choices",
            "events",
        ]
    )
    for process, e in found.estimates.items():
        sd = np.sqrt(np.diag(e.covariance)).reshape(e.mode.shape)
        for a in range(e.mode.shape[0]):
            for k, term in enumerate(m.TERMS[process]):
                value, wide = e.mode[a, k], Z90 * sd[a, k]
                low, high, tag = value - wide, value + wide, "fitted"
                if (process, term) in fixed:
                    effect = fixed[process, term]
                    low, high, tag = effect.low, effect.high, "elicited"
                table.writerow(
                    [
                        m.NAMES[process],
                        a + 1,
                        term,
                        f"{value:.3f}",
                        f"{low:.3f}",
                        f"{high:.3f}",
                        tag,
                        e.rows,
                        e.events,
                    ]
                )
        if process in m.TIMED:
            told = found.times[process]
            spreads = [("times_drift_sd", told.tau), ("times_hold", told.hold)]
            if process in m.YEARLY:
                spreads.append(("year_shock_sd", told.sigma))
            for term, value in spreads:
                last = e.mode.shape[0]
                row = [m.NAMES[process], last, term, f"{value:.3f}", "", "", "fitted"]
                table.writerow([*row, e.rows, e.events])
    table.writerow(
        ["capability", 1, "growth_sd", f"{found.growth_sd:.4f}", "", "", "fitted", "", ""]
    )
    return buffer.getvalue()


def refit(
    out: Path,
    *,
    last: int | None = None,
    many: int = 128,
    say: Callable[..., None] = lambda *_: None,
) -> dict[str, Any]:
    """Fit on the core record (up to `last` if given); write draws and coefficients."""
    found = fit(last=last, say=say)
    drawn, told = calibrated(found, many)
    facts = {
        "first": found.first,
        "last": found.last,
        "draws": many,
        "events": {m.NAMES[p]: e.events for p, e in found.estimates.items()},
        "choices": {m.NAMES[p]: e.rows for p, e in found.estimates.items()},
        "calibration": {
            name: [round(float(v), 3) for v in row]
            for (name, _), *row in zip(
                MOMENTS, told.record, told.before, told.after, told.shift, strict=True
            )
        }
        if told
        else {},
    }
    save(out, drawn, facts)
    out.with_name("coefficients.csv").write_text(coefficients(found), encoding="utf-8")
    return facts
