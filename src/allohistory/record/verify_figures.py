"""Compare wars, capability, regime and leaders with the published tables."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from allohistory.record.comparing import Family
from allohistory.record.departing import Exemption, exemptions, tells
from allohistory.record.names import fold
from allohistory.record.published import Published
from allohistory.record.tables import Tables, War, touches
from allohistory.record.verify_ties import YEARS

Sides = Mapping[tuple[str, int], tuple[int, int]]
_ALIKE = 0.75
_FAR = 2.0
_WIDE = 0.2
_SMALL = 0.3


def wars(tables: Tables, published: Published) -> tuple[Family, Family]:
    """
    Wars with states of the record on both sides, and who fought on which.

    Parameters
    ----------
    tables : Tables
        The record.
    published : Published
        The tables to compare with.

    Returns
    -------
    tuple of two Family
        Wars, and participants with their side.
    """
    keys = exemptions(tables, "war")
    theirs = published.wars()
    numbered = {number: war for war in tables.wars for number in war.cow}
    lost = [number for number in theirs if number not in numbered]
    extra = [war for war in tables.wars if not set(war.cow) & set(theirs)]
    lost_open = [
        number for number in lost if not any(key.covers((f"cow:{number}",), None) for key in keys)
    ]
    extra_open = [
        war
        for war in extra
        if not tells(war.note) and not any(key.covers((war.id,), None) for key in keys)
    ]
    whole = Family(
        name="wars",
        unit="wars",
        agree=len(theirs) - len(lost),
        ours_only=len(extra),
        theirs_only=len(lost),
        ours_reasoned=len(extra) - len(extra_open),
        theirs_reasoned=len(lost) - len(lost_open),
        unexplained=(
            *(f"ours only: {war.id}" for war in extra_open),
            *(f"theirs only: {number} {theirs[number][0]}" for number in lost_open),
        ),
    )
    tally = _Tally(keys)
    for war in tables.wars:
        coded = [theirs[number][1] for number in war.cow if number in theirs]
        if coded:
            tally.add(tables, war, coded)
    return whole, tally.family()


class _Tally:
    """Participants of wars counted up."""

    def __init__(self, keys: tuple[Exemption, ...]) -> None:
        self.keys = keys
        self.agree = 0
        self.only = {"ours": 0, "theirs": 0}
        self.reasoned = {"ours": 0, "theirs": 0}
        self.unexplained: list[str] = []

    def add(self, tables: Tables, war: War, coded: Sequence[Sides]) -> None:
        """Add one war; sides are labels, so take the way round that fits better."""
        rows = tables.participants_of[war.id]
        ours = {(row.state, row.side) for row in rows}
        theirs: set[tuple[str, str]] = set()
        for sides in coded:
            ways = [{(state, labels[side - 1]) for state, side in sides} for labels in ("AB", "BA")]
            theirs |= max(ways, key=lambda way: len(way & ours))
        noted = {row.state for row in rows if tells(row.note)}
        self.agree += len(ours & theirs)
        for label, only in (("ours", ours - theirs), ("theirs", theirs - ours)):
            self.only[label] += len(only)
            for state, side in sorted(only):
                names = (war.id, f"{war.id}:{state}")
                if state in noted or any(key.covers(names, None) for key in self.keys):
                    self.reasoned[label] += 1
                else:
                    self.unexplained.append(f"{label} only: {war.id} {state} on side {side}")

    def family(self) -> Family:
        """The counts as a family."""
        return Family(
            name="participants",
            unit="participants with side",
            agree=self.agree,
            ours_only=self.only["ours"],
            theirs_only=self.only["theirs"],
            ours_reasoned=self.reasoned["ours"],
            theirs_reasoned=self.reasoned["theirs"],
            unexplained=tuple(self.unexplained),
        )


def capability(tables: Tables, published: Published) -> Family:
    """
    Shares of capability against CINC: order within each benchmark year.

    Parameters
    ----------
    tables : Tables
        The record.
    published : Published
        The tables to compare with.

    Returns
    -------
    Family
        A figure agrees if the two differ by less than a factor of two or both are small; the
        measure is the mean rank correlation over years.
    """
    theirs, keys = published.figures("cow_nmc", "cinc"), exemptions(tables, "capability")
    years: dict[int, list[tuple[float, float]]] = {}
    unexplained, agree = [], 0
    reasoned = 0
    for row in tables.capabilities:
        other = theirs.get((row.id, row.year))
        if other is None:
            continue
        percent = 100.0 * other
        years.setdefault(row.year, []).append((row.share, percent))
        ratio = max(row.share, percent) / max(min(row.share, percent), 1e-6)
        if ratio < _FAR or max(row.share, percent) < _SMALL:
            agree += 1
        elif row.flag or any(key.covers((row.id,), row.year) for key in keys):
            reasoned += 1
        else:
            unexplained.append(f"{row.id} {row.year}: {row.share} against {percent:.3g} in CINC")
    correlations = [rank_correlation(pairs) for pairs in years.values()]
    return Family(
        name="capability",
        unit="benchmarks",
        agree=agree,
        ours_only=0,
        theirs_only=reasoned + len(unexplained),
        theirs_reasoned=reasoned,
        unexplained=tuple(unexplained),
        measures={
            "mean rank correlation": sum(correlations) / max(len(correlations), 1),
            "lowest rank correlation": min(correlations, default=0.0),
        },
    )


def regime(tables: Tables, published: Published) -> Family:
    """
    Democracy against the polyarchy index of V-Dem.

    Parameters
    ----------
    tables : Tables
        The record.
    published : Published
        The tables to compare with.

    Returns
    -------
    Family
        A figure agrees if the two differ by less than a fifth.
    """
    theirs = published.figures("cw_democracy", "v2x_polyarchy")
    agree, reasoned, unexplained, gaps = 0, 0, [], []
    for row in tables.regimes:
        other = theirs.get((row.id, row.year))
        if other is None:
            continue
        gaps.append(abs(row.democracy - other))
        if gaps[-1] < _WIDE:
            agree += 1
        elif row.flag:
            reasoned += 1
        else:
            unexplained.append(f"{row.id} {row.year}: {row.democracy} against {other:.2f} in V-Dem")
    return Family(
        name="regime",
        unit="benchmarks",
        agree=agree,
        ours_only=0,
        theirs_only=reasoned + len(unexplained),
        theirs_reasoned=reasoned,
        unexplained=tuple(unexplained),
        measures={"mean difference": sum(gaps) / max(len(gaps), 1)},
    )


def leaders(tables: Tables, published: Published) -> Family:
    """
    Leaders against Archigos, in state-years of the states whose leaders the record has.

    Parameters
    ----------
    tables : Tables
        The record.
    published : Published
        The tables to compare with.

    Returns
    -------
    Family
        A state-year agrees if a leader of the one list is named like a leader of the other.
    """
    theirs, keys = published.leaders(), exemptions(tables, "leader")
    agree, noted, unexplained = 0, 0, []
    for state in sorted({row.id for row in tables.leaders}):
        rows = [row for row in tables.leaders if row.id == state]
        for year in YEARS:
            here = [row for row in rows if touches(row, year)]
            there = theirs.get((state, year))
            if not here or not there:
                continue
            if any(alike(row.name, name) for row in here for name in there):
                agree += 1
            elif any(row.note for row in here) or any(key.covers((state,), year) for key in keys):
                noted += 1
            else:
                names = ", ".join(row.name for row in here)
                unexplained.append(f"{state} {year}: {names} against {', '.join(sorted(there))}")
    return Family(
        name="leaders",
        unit="state-years",
        agree=agree,
        ours_only=0,
        theirs_only=noted + len(unexplained),
        theirs_reasoned=noted,
        unexplained=tuple(unexplained),
    )


def alike(one: str, two: str) -> bool:
    """
    Whether two spellings may be of one name: some word of the one is like some of the other.

    Examples
    --------
    >>> alike("Otto von Bismarck", "Bismarck-Schonhausen"), alike("Mao Zedong", "Mao Tse-Tung")
    (True, True)
    """
    names = [fold(one), fold(two)]
    words = [[word for word in name.split() if len(word) > 2] for name in names]
    whole = [name.replace(" ", "") for name in names]
    return SequenceMatcher(None, whole[0], whole[1]).ratio() >= _ALIKE or any(
        SequenceMatcher(None, first, second).ratio() >= _ALIKE
        for first in words[0]
        for second in words[1]
    )


def rank_correlation(pairs: list[tuple[float, float]]) -> float:
    """
    Spearman's correlation of two columns.

    Examples
    --------
    >>> rank_correlation([(1.0, 10.0), (2.0, 30.0), (3.0, 20.0)])
    0.5
    """
    ranks = [_ranks([row[i] for row in pairs]) for i in (0, 1)]
    mean = (len(pairs) - 1) / 2
    moment = [
        sum((x - mean) * (y - mean) for x, y in zip(ranks[i], ranks[j], strict=True))
        for i, j in ((0, 1), (0, 0), (1, 1))
    ]
    scale = (moment[1] * moment[2]) ** 0.5
    return moment[0] / scale if scale else 1.0


def _ranks(values: list[float]) -> list[float]:
    """Ranks from 0, ties sharing their mean."""
    ordered = sorted(values)
    last = {value: i for i, value in enumerate(ordered)}
    first = {value: i for i, value in reversed(list(enumerate(ordered)))}
    return [(first[value] + last[value]) / 2 for value in values]
