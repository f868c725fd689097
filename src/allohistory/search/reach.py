"""
Who can touch a pair's choices in a year, and the words for whom and when.

A pair's choices hang on the pair itself, on who borders what the two hold, on their rivals and
allies, and on the major powers, whose standing every covariate of threat looks at. What happens
between others can reach the pair only through these, later.
"""

from dataclasses import dataclass, field

from allohistory.engine.script import Script
from allohistory.record.names import display, find_state
from allohistory.record.tables import Tables, stands
from allohistory.vocab import AllianceLevel
from allohistory.world import NOBODY

ARTICLE = ("United", "Netherlands", "Philippines")
WEAKER = 0.7
"""Log of capability by which a state that is no major may fall short of one it attacks."""
ENDINGS = ("Union", "Empire", "Republic", "States", "Islands")


def the(name: str) -> str:
    """
    A state's name within a sentence.

    Examples
    --------
    >>> the("Soviet Union"), the("Japan"), the("United States")
    ('the Soviet Union', 'Japan', 'the United States')
    """
    return f"the {name}" if name.startswith(ARTICLE) or name.endswith(ENDINGS) else name


def verb(name: str, one: str, many: str) -> str:
    """
    The form of a verb that goes with a name.

    Examples
    --------
    >>> verb("the Philippines", "passes", "pass"), verb("the United States", "passes", "pass")
    ('pass', 'passes')
    """
    return many if name.endswith(("Philippines", "Netherlands", "Islands")) else one


def sentence(text: str) -> str:
    """First letter large, as at the head of a sentence."""
    return text[:1].upper() + text[1:]


@dataclass(slots=True, eq=False)
class Reach:
    """
    The pair's surroundings in the record, year by year.

    Attributes
    ----------
    tables : Tables
    script : Script
    pair : (int, int)
        Columns of the two states.
    first, last : int
        Years in which something may begin.
    """

    tables: Tables
    script: Script
    pair: tuple[int, int]
    first: int
    last: int
    _circle: dict[int, frozenset[int]] = field(default_factory=dict)
    _near: dict[int, frozenset[int]] = field(default_factory=dict)
    _beside: dict[tuple[int, ...], frozenset[int]] = field(default_factory=dict)
    _units: dict[int, tuple[int, ...]] = field(default_factory=dict)

    # ---- words ----------------------------------------------------------------------------
    def name(self, i: int, year: int) -> str:
        """What a sentence calls a state in a year."""
        return the(display(self.script.panel.states[i], year, self.tables))

    def key(self, i: int, year: int) -> str:
        """What a question file calls a state in a year: its name, or its id where that fails."""
        state = self.script.panel.states[i]
        shown = display(state, year, self.tables)
        return shown if find_state(shown, year, self.tables) == state else state

    def unit(self, u: int) -> str:
        """What a sentence calls a unit of land: its name without what stands in brackets."""
        name = self.tables.unit_of[self.script.panel.units[u]].name.partition(" (")[0]
        place, _, part = name.partition(", ")
        return the(f"{place} ({part})" if part else place)

    # ---- years ----------------------------------------------------------------------------
    def there(self, i: int, year: int) -> bool:
        """Whether a state of the record chooses in a year."""
        p = self.script.panel
        if not p.first < year <= p.last:
            return False
        return bool(p.active[p.row(year) - 1, i])

    def major(self, i: int, year: int) -> bool:
        """Whether the record has a state as a major power when a year begins."""
        p = self.script.panel
        return bool(p.major[max(p.row(year) - 1, 0), i])

    def rivals(self, i: int, j: int, year: int) -> bool:
        """Whether the record has two as rivals when a year begins."""
        p = self.script.panel
        return bool(p.rival[max(p.row(year) - 1, 0), i, j])

    def dates(self, every: int, start: int = 0) -> range:
        """Every so many years of the span in which something may begin."""
        return range(self.first + start, self.last + 1, every)

    def inside(self, year: int) -> bool:
        """Whether a year lies in that span."""
        return self.first <= year <= self.last

    # ---- reach ----------------------------------------------------------------------------
    def circle(self, year: int) -> frozenset[int]:
        """The pair and whoever can touch their choices in a year."""
        if year not in self._circle:
            found = set(self.near(year)) | self._allies(year) | self._neighbours(year, 1)
            self._circle[year] = frozenset(i for i in found if self.there(i, year))
        return self._circle[year]

    def near(self, year: int) -> frozenset[int]:
        """The majors, the pair's rivals, and who borders on what they hold by land or strait."""
        if year not in self._near:
            p = self.script.panel
            row = max(p.row(year) - 1, 0)
            found = {*self.pair} | self._neighbours(year, 2)
            found |= {int(i) for i in p.major[row].nonzero()[0]}
            for i in self.pair:
                found |= {int(k) for k in p.rival[row, i].nonzero()[0]}
            self._near[year] = frozenset(i for i in found if self.there(i, year))
        return self._near[year]

    def thirds(self, year: int) -> list[int]:
        """The near circle without the pair, strongest first."""
        p = self.script.panel
        row = max(p.row(year) - 1, 0)
        others = [i for i in self.near(year) if i not in self.pair]
        return sorted(others, key=lambda i: (-float(p.cap[row, i]), i))

    def touches(self, k: int, i: int, year: int) -> bool:
        """Whether a state is a rival of another, or holds land that borders on what it holds."""
        return self.rivals(k, i, year) or k in self._neighbours(year, 1, (i,))

    def threatens(self, k: int, i: int, year: int) -> bool:
        """Whether a state in touch with another is a major, or nearly as strong as it."""
        p = self.script.panel
        cap = p.cap[max(p.row(year) - 1, 0)]
        strong = self.major(k, year) or cap[k] >= cap[i] - WEAKER
        return bool(strong and self.touches(k, i, year))

    def units(self, year: int) -> tuple[int, ...]:
        """Units of land that touch what one of the pair holds and are not theirs."""
        if year not in self._units:
            p = self.script.panel
            owner = p.owner[max(p.row(year) - 1, 0)]
            found = {
                v
                for u in range(len(owner))
                if int(owner[u]) in self.pair
                for v, _ in self._touching(u)
                if int(owner[v]) not in self.pair
            }
            self._units[year] = tuple(sorted(found))
        return self._units[year]

    def _touching(self, u: int) -> list[tuple[int, int]]:
        g = self.script.panel.geography
        return [(int(g.near[n]), int(g.kind[n])) for n in range(g.start[u], g.start[u + 1])]

    def _neighbours(
        self, year: int, least: int, whose: tuple[int, ...] | None = None
    ) -> frozenset[int]:
        """Who holds land that touches theirs, at least so closely (1 sea, 2 strait, 3 land)."""
        whose = whose or self.pair
        key = (year, least, *whose)
        if key not in self._beside:
            self._beside[key] = frozenset(self._beside_of(year, least, whose))
        return self._beside[key]

    def _beside_of(self, year: int, least: int, whose: tuple[int, ...]) -> set[int]:
        p = self.script.panel
        owner = p.owner[max(p.row(year) - 1, 0)]
        return {
            int(owner[v])
            for u in range(len(owner))
            if int(owner[u]) in whose
            for v, kind in self._touching(u)
            if kind >= least and int(owner[v]) != NOBODY
        }

    def _allies(self, year: int) -> set[int]:
        """Whoever has a strong pact with one of the pair in a year of the record."""
        ids = self.script.panel.states
        both = {ids[i] for i in self.pair}
        found: set[int] = set()
        for treaty in self.tables.treaties:
            if treaty.obligations.level != AllianceLevel.DEFENSE:
                continue
            members = {
                row.state for row in self.tables.members_of[treaty.id] if stands(row, year - 1)
            }
            if members & both:
                found |= {ids.index(s) for s in members if s in ids}
        return found
