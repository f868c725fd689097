"""
Adjectives of states by era, and the order in which historians join two of them.

English puts the clipped form first ("Sino-Japanese", never "Japano-Chinese") and "American" last
("Spanish-American"). A number for each form says which of two stands first.
"""

from dataclasses import dataclass

_LAST = 9999
_FIRST_OF_PAIR = {
    "Sino": 1,
    "Anglo": 2,
    "Franco": 3,
    "Austro": 4,
    "Indo": 5,
    "Russo": 6,
    "Greco": 7,
    "Italo": 8,
    "Serbo": 9,
}
_ELSEWHERE = 50
_PLACE = {
    "German": 40,
    "West German": 40,
    "East German": 41,
    "Soviet": 42,
    "Japanese": 55,
    "Prussian": 60,
    "Pakistani": 60,
    "American": 99,
}


@dataclass(frozen=True, slots=True)
class Adjective:
    """What is said of a state up to a year, alone and as the first of a pair."""

    last: int
    word: str
    prefix: str = ""

    @property
    def place(self) -> int:
        """Smaller stands first in a pair."""
        return _FIRST_OF_PAIR.get(self.prefix) or _PLACE.get(self.word, _ELSEWHERE)


def _always(word: str, prefix: str = "") -> tuple[Adjective, ...]:
    return (Adjective(_LAST, word, prefix),)


# "Turkish" also of the Ottomans: historians write Russo-Turkish, Italo-Turkish, Greco-Turkish.
ADJECTIVES: dict[str, tuple[Adjective, ...]] = {
    "USA": _always("American"),
    "CAN": _always("Canadian"),
    "CUB": _always("Cuban"),
    "MEX": _always("Mexican"),
    "COL": _always("Colombian"),
    "PER": _always("Peruvian"),
    "BRA": _always("Brazilian"),
    "BOL": _always("Bolivian"),
    "PAR": _always("Paraguayan"),
    "CHL": _always("Chilean"),
    "ARG": _always("Argentine"),
    "UKG": _always("British", "Anglo"),
    "NTH": _always("Dutch"),
    "BEL": _always("Belgian"),
    "FRN": _always("French", "Franco"),
    "SWZ": _always("Swiss"),
    "SPN": _always("Spanish"),
    "POR": _always("Portuguese"),
    "GMY": (
        Adjective(1870, "Prussian"),
        Adjective(1948, "German"),
        Adjective(1990, "West German"),
        Adjective(_LAST, "German"),
    ),
    "GDR": _always("East German"),
    "POL": _always("Polish"),
    "AUH": _always("Austrian", "Austro"),
    "AUS": _always("Austrian", "Austro"),
    "HUN": _always("Hungarian"),
    "CZE": (Adjective(1992, "Czechoslovak"), Adjective(_LAST, "Czech")),
    "ITA": (Adjective(1860, "Sardinian"), Adjective(_LAST, "Italian", "Italo")),
    "ALB": _always("Albanian"),
    "YUG": (
        Adjective(1917, "Serbian", "Serbo"),
        Adjective(2002, "Yugoslav"),
        Adjective(_LAST, "Serbian", "Serbo"),
    ),
    "CRO": _always("Croatian"),
    "GRC": _always("Greek", "Greco"),
    "BUL": _always("Bulgarian"),
    "ROM": _always("Romanian"),
    "RUS": (
        Adjective(1921, "Russian", "Russo"),
        Adjective(1991, "Soviet"),
        Adjective(_LAST, "Russian", "Russo"),
    ),
    "UKR": _always("Ukrainian"),
    "EST": _always("Estonian"),
    "LAT": _always("Latvian"),
    "LIT": _always("Lithuanian"),
    "FIN": _always("Finnish"),
    "SWD": _always("Swedish"),
    "NOR": _always("Norwegian"),
    "DEN": _always("Danish"),
    "ETH": _always("Ethiopian"),
    "SAF": _always("South African"),
    "IRN": (Adjective(1934, "Persian"), Adjective(_LAST, "Iranian")),
    "TUR": _always("Turkish"),
    "IRQ": _always("Iraqi"),
    "EGY": _always("Egyptian"),
    "ISR": _always("Israeli"),
    "SAU": _always("Saudi"),
    "AFG": _always("Afghan"),
    "CHN": _always("Chinese", "Sino"),
    "TAW": _always("Taiwanese"),
    "KOR": _always("Korean"),
    "PRK": _always("North Korean"),
    "ROK": _always("South Korean"),
    "JPN": _always("Japanese"),
    "MON": _always("Mongolian"),
    "IND": _always("Indian", "Indo"),
    "PAK": _always("Pakistani"),
    "MYA": _always("Burmese"),
    "THI": (Adjective(1938, "Siamese"), Adjective(_LAST, "Thai")),
    "CAM": _always("Cambodian"),
    "LAO": _always("Laotian"),
    "DRV": (
        Adjective(1944, "Vietnamese"),
        Adjective(1975, "North Vietnamese"),
        Adjective(_LAST, "Vietnamese"),
    ),
    "RVN": _always("South Vietnamese"),
    "MAL": (Adjective(1962, "Malayan"), Adjective(_LAST, "Malaysian")),
    "PHI": _always("Philippine"),
    "INS": _always("Indonesian"),
    "AUL": _always("Australian"),
    "NEW": _always("New Zealand"),
}
_PAIRS = {
    # "Austro-Hungarian" would read as the empire.
    frozenset({"AUS", "HUN"}): "Austrian-Hungarian",
    frozenset({"PRK", "ROK"}): "Inter-Korean",
    frozenset({"DRV", "RVN"}): "Inter-Vietnamese",
    frozenset({"GMY", "GDR"}): "Inter-German",
}
_WARS = {frozenset({"UKG", "CHN"}): "Anglo-Chinese"}
"""Wars of a pair that have another name than its treaties."""


def adjective(state: str, year: int) -> Adjective:
    """
    The adjective of a state in a year.

    Parameters
    ----------
    state : str
        Id of a state of the core record; any other id serves as its own adjective.
    year : int
        Decides between eras.

    Examples
    --------
    >>> adjective("RUS", 1904).word, adjective("RUS", 1950).word
    ('Russian', 'Soviet')
    """
    for row in ADJECTIVES.get(state, ()):
        if year <= row.last:
            return row
    # A record that a user built has states that this table has not; the id is still readable.
    return Adjective(_LAST, state)


def joined(a: str, b: str, year: int, keep: bool = False) -> str:
    """
    Two states as one adjective, in the order historians use.

    Parameters
    ----------
    a, b : str
        Ids of states.
    year : int
        Decides between eras.
    keep : bool
        Where usage is silent, keep the order given (wars: initiator first) and not the alphabet's.

    Examples
    --------
    >>> joined("JPN", "CHN", 1911), joined("USA", "JPN", 1941), joined("GMY", "FRN", 1870)
    ('Sino-Japanese', 'Japanese-American', 'Franco-Prussian')
    """
    found = (_WARS if keep else {}).get(frozenset({a, b})) or _PAIRS.get(frozenset({a, b}))
    if found:
        return found
    pair = [adjective(a, year), adjective(b, year)]
    pair.sort(key=lambda row: (row.place, "" if keep else row.word))
    first, second = pair
    return f"{first.prefix or first.word}-{second.word}"
