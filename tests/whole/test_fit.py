"""The shipped parameters are what `allohistory fit` writes, and a fit looks at no later year."""

import dataclasses

import numpy as np
import pytest

from allohistory.fit.estimate import draws, fit
from allohistory.fit.write import refit
from allohistory.model.shipped import read, shipped
from allohistory.record.tables import load

pytestmark = pytest.mark.slow
CUT = 1910


def test_the_shipped_parameters_are_what_the_fit_writes(tmp_path):
    facts = refit(tmp_path / "parameters.npz")

    again, told = read(tmp_path / "parameters.npz")
    ours, told_ours = shipped()
    assert len(again) == len(ours) >= 100
    assert told == told_ours
    assert facts["draws"] == len(ours)
    for one, two in zip(again, ours, strict=True):
        for name, a, b in zip(one._fields, one, two, strict=True):
            assert np.allclose(a, b, rtol=1e-4, atol=1e-5), name
    written = (tmp_path / "coefficients.csv").read_text(encoding="utf-8")
    assert written.count("\n") > 300


def corrupted(tables):
    """The same record up to the cut, and nonsense after it."""
    after = CUT + 1
    rng = np.random.default_rng(1)
    change = dataclasses.replace
    return change(
        tables,
        disputes=tuple(
            change(d, initiator=d.target, target=d.initiator) if d.year >= after else d
            for d in tables.disputes
            if d.year < after or rng.random() < 0.5
        ),
        capabilities=tuple(
            # The figure of 1915 stands at the end of a line that begins in 1910.
            change(c, share=float(rng.random())) if c.year >= after + 5 else c
            for c in tables.capabilities
        ),
        rivalries=tuple(r for r in tables.rivalries if r.start.year < after),
        wars=tuple(w for w in tables.wars if w.start.year < after),
        participants=tuple(
            p for p in tables.participants if tables.war_of[p.war].start.year < after
        ),
        treaties=tuple(t for t in tables.treaties if t.start.year < after),
        members=tuple(m for m in tables.members if tables.treaty_of[m.treaty].start.year < after),
    )


def test_a_fit_does_not_look_beyond_its_last_year():
    """Bit for bit, whatever later years hold."""
    honest = draws(fit(last=CUT), 3)
    blind = draws(fit(last=CUT, tables=corrupted(load())), 3)
    whole = shipped()[0]

    for one, two in zip(honest, blind, strict=True):
        for name, a, b in zip(one._fields, one, two, strict=True):
            assert (a == b).all(), name
    assert any((a.beta != b.beta).any() for a, b in zip(honest, whole, strict=False))
