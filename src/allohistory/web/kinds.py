"""What the first page offers: kinds of step and names; light, so that it is soon there."""

from allohistory.record.tables import load

KINDS: dict[str, tuple[str, str, str]] = {
    "force.war": ("A war ends otherwise", "WarOutcome", "force"),
    "prevent.war": ("A war does not happen", "WarPrevented", "prevent"),
    "force.new_war": ("A war that history did not have", "NewWar", "force"),
    "force.join": ("A state joins a war", "Joins", "force"),
    "prevent.join": ("A state stays out of a war", "StaysOut", "prevent"),
    "force.dispute": ("A dispute below war", "DisputeHappens", "force"),
    "force.neutrality": ("A state proclaims its neutrality", "NeutralityProclaimed", "force"),
    "force.demand": ("A demand on a neutral", "NeutralityAnswered", "force"),
    "hold.peace": ("Two states do not fight each other", "Peace", "hold"),
    "force.treaty": ("A treaty is signed", "TreatyFormed", "force"),
    "force.treaty_end": ("A treaty ends", "TreatyEnded", "force"),
    "prevent.treaty": ("A treaty is not signed", "TreatyPrevented", "prevent"),
    "hold.treaty": ("A treaty stays in force", "TreatyHeld", "hold"),
    "force.rivalry": ("A rivalry begins", "RivalryStarts", "force"),
    "force.rivalry_end": ("A rivalry ends", "RivalryEnds", "force"),
    "force.leader": ("A leader comes to power", "LeaderInstalled", "force"),
    "prevent.leader": ("A leader never comes to power", "LeaderPrevented", "prevent"),
    "move.leader_exit": ("A leader leaves power in another year", "ExitMoved", "move"),
    "force.regime": ("A regime comes", "RegimeInstalled", "force"),
    "force.civil_war": ("A civil war ends otherwise", "CivilWarWinner", "force"),
    "force.capability": ("A state grows faster or slower", "CapabilityPath", "force"),
    "force.annexed": ("Land is annexed", "Annexed", "force"),
    "force.dependency": ("Land becomes a dependency", "DependencyGranted", "force"),
    "force.freed": ("Land becomes independent", "Freed", "force"),
    "prevent.annexed": ("Land keeps its owner", "NotAnnexed", "prevent"),
    "shift.propensity": ("Something becomes likelier for some years", "Propensity", "shift"),
    "move.ambition": ("A state turns to another target", "Ambition", "move"),
}
"""Kinds of step: what they are called in the form, their class in `question.acts`
and their verb."""


def names() -> dict[str, list[str]]:
    """Names that the pickers offer, by list."""
    tables = load()
    return {
        "states": sorted({row.name for row in tables.names} | {row.name for row in tables.states}),
        "wars": [row.name for row in tables.wars] + [row.name for row in tables.civil_wars],
        "treaties": sorted({row.name for row in tables.treaties}),
        "leaders": sorted({row.name for row in tables.leaders}),
        "units": sorted({row.name for row in tables.units}),
    }
