"""
Names of land as they were used at the time.

The record calls a unit by the country it is today; in 1885 nobody took Tanzania.
"""

import re

_OLDER: dict[str, tuple[int, str]] = {
    "Moldova (Bessarabia)": (1990, "Bessarabia"),
    "Israel (Palestine)": (1947, "Palestine"),
    "Jordan": (1945, "Transjordan"),
    "Iraq": (1920, "Mesopotamia"),
    "Iran": (1934, "Persia"),
    "Thailand": (1938, "Siam"),
    "Pakistan (western provinces of British India)": (1946, "the western provinces of India"),
    "Bangladesh (East Bengal)": (1970, "East Bengal"),
    "Sri Lanka": (1971, "Ceylon"),
    "Vietnam, north (Tonkin and northern Annam)": (1944, "Tonkin and northern Annam"),
    "Vietnam, south (Cochinchina)": (1944, "Cochinchina"),
    "Indonesia": (1944, "the East Indies"),
    "Mongolia": (1923, "Outer Mongolia"),
    "Poland (Congress Poland)": (1917, "Congress Poland"),
    "Bohemia and Moravia (Czech Republic)": (9999, "Bohemia and Moravia"),
    "France, northern and Atlantic zone (occupied 1940)": (9999, "northern and western France"),
    "France, southern zone and core": (9999, "southern France"),
    "China (central, southern and western)": (9999, "central and southern China"),
    "East Germany": (1944, "Saxony, Brandenburg and Thuringia"),
    "Germany, Rhineland and Westphalia": (9999, "the Rhineland and Westphalia"),
    "Korea, southern half": (9999, "southern Korea"),
    "Korea, northern half": (9999, "northern Korea"),
    "Mali": (1959, "the French Sudan"),
    "Burkina Faso": (1983, "Upper Volta"),
    "Benin": (1974, "Dahomey"),
    "Ghana": (1956, "the Gold Coast"),
    "Central African Republic": (1959, "Ubangi-Shari"),
    "Congo (Leopoldville)": (9999, "the Congo (Leopoldville)"),
    "Congo (Brazzaville)": (9999, "the Congo (Brazzaville)"),
    "Zambia": (1963, "Northern Rhodesia"),
    "Zimbabwe": (1979, "Southern Rhodesia"),
    "Malawi": (1963, "Nyasaland"),
    "Botswana": (1965, "Bechuanaland"),
    "Lesotho": (1965, "Basutoland"),
    "Namibia": (1967, "South West Africa"),
    "Tanzania": (1963, "Tanganyika"),
    "Guyana": (1965, "British Guiana"),
    "Suriname": (1953, "Dutch Guiana"),
    "South Sudan": (2010, "the southern Sudan"),
    "Sudan": (1955, "the Sudan"),
    "Philippines": (9999, "the Philippines"),
    "Netherlands": (9999, "the Netherlands"),
    "Ivory Coast": (9999, "the Ivory Coast"),
    "United States": (9999, "the United States"),
    "Dominican Republic": (9999, "the Dominican Republic"),
    "Lower Yangtze": (9999, "the lower Yangtze"),
    "Transvaal and Orange Free State": (9999, "Transvaal and the Orange Free State"),
}
_ONE_LAND = ("Great Britain", "northern and", "central and")
_BRACKET = re.compile(r" \([^)]*\)")


def land(name: str, year: int) -> str:
    """
    Name of a unit of land in a year, as it stands in a sentence.

    Parameters
    ----------
    name : str
        As the record has it.
    year : int

    Examples
    --------
    >>> land("Tanzania", 1885), land("Tanzania", 1970), land("East Prussia (Kaliningrad)", 1911)
    ('Tanganyika', 'Tanzania', 'East Prussia')
    """
    last, older = _OLDER.get(name, (0, ""))
    return older if year <= last else _BRACKET.sub("", name)


def several(unit: str) -> bool:
    """
    Whether a unit of land is named as several.

    Examples
    --------
    >>> several("Hanover, Hesse and the North Sea cities"), several("Korea, northern half")
    (True, False)
    """
    name = unit.partition(" (")[0]
    plural = name.endswith(("the Philippines", "the East Indies", "provinces of India"))
    return plural or (" and " in name and not name.startswith(_ONE_LAND))
