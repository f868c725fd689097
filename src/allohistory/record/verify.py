"""How far the record and the published tables agree, and where it departs on purpose."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allohistory.errors import RecordError
from allohistory.record import verify_figures, verify_ties
from allohistory.record.comparing import Family
from allohistory.record.published import Published, data_folder
from allohistory.record.tables import Tables, load

__all__ = ["Verification", "data_folder", "render_text", "verify"]


@dataclass(frozen=True, slots=True)
class Verification:
    """Agreement by family of facts."""

    families: tuple[Family, ...]

    def family(self, name: str) -> Family:
        """The family of a name; raises KeyError where there is none."""
        for family in self.families:
            if family.name == name:
                return family
        raise KeyError(name)

    def to_dict(self) -> dict[str, Any]:
        """
        The comparison as plain values, ready for JSON.

        Returns
        -------
        dict
            Families by name.
        """
        return {family.name: family.to_dict() for family in self.families}


def verify(tables: Tables | None = None, data_dir: Path | None = None) -> Verification:
    """
    Compare a record with the published tables.

    Parameters
    ----------
    tables : Tables, optional
        The record; the core record without it.
    data_dir : Path, optional
        Folder of the published tables; looked for with `data_folder` without it.

    Returns
    -------
    Verification
        Counts, shares and the disagreements for which the record gives no reason.

    Raises
    ------
    RecordError
        The published tables are not at hand.
    """
    tables = tables or load()
    folder = data_dir or data_folder()
    if folder is None:
        raise RecordError(
            "the published tables are not at hand; set ALLOHISTORY_DATA to their folder"
        )
    published = Published(folder, tables)
    return Verification(
        (
            verify_ties.membership(tables, published),
            *verify_ties.treaties(tables, published),
            *verify_figures.wars(tables, published),
            verify_ties.rivalries(tables, published),
            *verify_ties.neighbours(tables, published),
            verify_ties.disputes(tables, published),
            verify_figures.capability(tables, published),
            verify_figures.regime(tables, published),
            verify_figures.leaders(tables, published),
        )
    )


def render_text(verification: Verification, *, most: int = 10) -> str:
    """
    A comparison as lines of text.

    Parameters
    ----------
    verification : Verification
        What `verify` returned.
    most : int, optional
        How many unexplained disagreements to list for each family.

    Returns
    -------
    str
        One line for each family, then its measures and disagreements.
    """
    lines = []
    for family in verification.families:
        lines.append(
            f"{family.name}: {family.agree:,} of {family.total:,} {family.unit} agree "
            f"({family.share:.1%}; {family.share_reasoned:.1%} agree or have a reason), "
            f"{family.ours_only:,} ours only, {family.theirs_only:,} theirs only"
        )
        lines += [f"  {name}: {value:.3f}" for name, value in family.measures.items()]
        lines += [f"  {what}" for what in family.unexplained[:most]]
        if len(family.unexplained) > most:
            lines.append(f"  and {len(family.unexplained) - most:,} more")
    return "\n".join(lines) + "\n"
