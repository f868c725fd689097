"""Every work behind a number as BibTeX, under the keys that the record's tables use."""

import re
import unicodedata
from collections.abc import Sequence

from allohistory.answer.wording import Answer
from allohistory.model.elicited import catalogue
from allohistory.record.tables import load

_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_ENGINE = """@software{allohistory,
  title = {{allohistory: a counterfactual engine for the history of alliances and wars}},
  author = {{allohistory developers}},
  version = {%s},
  note = {%s},
}
"""
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b(?!\s*[-:\u2013]\s*\d)")
_DASHED = re.compile(r"\d\d\d\d\s*[-\u2013]\s*$")
_PERSON = re.compile(r"[^\W\d_][\w'-]+(?: [A-Z][\w'-]+)?, [A-Z]")
"""How a citation begins that names its author first: surname, comma, given name."""
_BREAK = re.compile(r"(?<![ .(-][A-Z])[.] ")
"""End of a part of a citation: a full stop that is none of an initial."""
_ALONE = re.compile(r"^([^,]+, [^,.]*(?:[A-Z][.] ?)+(?<=[.])) (?=[A-Z'\d][^.])(?![A-Z]\w+[.])")
"""A single author whose name ends with an initial, up to what follows."""
_KEY = re.compile(r"[^A-Za-z0-9:._+-]+")


def tex(text: str) -> str:
    r"""
    Text that TeX sets as it stands.

    Examples
    --------
    >>> print(tex("R&D, 50% of {A_1}"))
    R\&D, 50\% of \{A\_1\}
    """
    kept = "".join(" " if unicodedata.category(c).startswith("C") else c for c in text)
    return "".join(_TEX.get(c, c) for c in " ".join(kept.split()))


def year_of(citation: str) -> str:
    """
    Year of a work: the last one in its citation that is no part of a span, else where one begins.

    Examples
    --------
    >>> year_of("Nish, Ian. The Origins of the Russo-Japanese War. Longman, 1985.")
    '1985'
    >>> year_of("Mitter, Rana. China's War with Japan, 1937-1945. Allen Lane, 2013.")
    '2013'
    """
    found = [
        row[1] for row in _YEAR.finditer(citation) if not _DASHED.search(citation[: row.start()])
    ]
    span = re.search(r"\b1[5-9]\d\d\b", citation)
    return found[-1] if found else span[0] if span else ""


def parts_of(citation: str) -> tuple[str, str]:
    """
    Author and title of a citation that names a person first; of any other two empty strings.

    Examples
    --------
    >>> parts_of("Anderson, M. S. 1966. The Eastern Question, 1774-1923. Macmillan.")
    ('Anderson, M. S.', 'The Eastern Question, 1774-1923')
    >>> parts_of("League of Nations. Treaty Series. Geneva.")
    ('', '')
    >>> parts_of("Hall, Richard C. The Balkan Wars, 1912-1913. Routledge, 2000.")
    ('Hall, Richard C.', 'The Balkan Wars, 1912-1913')
    """
    if not _PERSON.match(citation):
        return "", ""
    marked = _ALONE.sub(r"\1\n", citation, count=1)
    parts = [one for part in marked.split("\n") for one in _BREAK.split(part)]
    named = [part for part in parts if not re.fullmatch(r"\d{4}(?:-\d+)?[.]?", part.strip())]
    if len(named) < 2:
        return "", ""
    return named[0].strip(), named[1].strip().removesuffix(".")


def entry(key: str, citation: str, keywords: str, kind: str = "misc") -> str:
    """One BibTeX entry: the citation whole, as the record gives it, and its year."""
    year = year_of(citation)
    author, title = parts_of(citation)
    fields = [
        # Twice in braces: a style takes neither names nor capitals apart.
        ("author", f"{{{{{tex(author)}}}}}" if author else ""),
        ("title", f"{{{{{tex(title)}}}}}" if title else ""),
        ("year", f"{{{year}}}" if year else ""),
        ("note", f"{{{tex(citation)}}}"),
        ("keywords", f"{{{keywords}}}"),
    ]
    body = "".join(f"  {name} = {value},\n" for name, value in fields if value)
    return f"@{kind}{{{_KEY.sub('-', key)},\n{body}}}\n"


def bibtex(answer: Answer, drawn: Sequence[str] = ()) -> str:
    """
    BibTeX of the engine, the works of the record, and the literature of elicited effects.

    Parameters
    ----------
    answer : dict
        See `allohistory.answer`; where elicited effects were left out, so is their literature.
    drawn : sequence of str
        Citations of what the figures are drawn from.
    """
    facts = answer["provenance"]
    version = tex(str(facts.get("version", "")))
    marks = ", ".join(
        f"{name} {facts[name]}"
        for name in ("seed", "runs", "record", "model", "hash")
        if facts.get(name) is not None
    )
    out = [_ENGINE % (version, tex(marks))]
    works = {row.key: row.citation for row in load().sources}
    kept = set(answer.get("sources") or works.values())
    out += [entry(key, text, "record") for key, text in sorted(works.items()) if text in kept]
    known = set(works.values())
    out += [entry(f"answer-{n}", text, "record") for n, text in enumerate(sorted(kept - known), 1)]
    out += [entry(f"figures-{n}", text, "figures") for n, text in enumerate(drawn, 1)]
    if facts.get("elicited", True):
        out += [
            entry(f"elicited:{row.name}", row.literature, "elicited")
            for row in catalogue()
            if row.literature
        ]
    return "\n".join(out)
