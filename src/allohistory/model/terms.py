"""
The processes of one year and the terms of each: names only, no numbers.

A process is one kind of choice (does this dyad begin a dispute? does this treaty lapse?). Its
linear predictor is the sum of named terms, so a claim of a thread ("a useful ally against
Russia") can be read off one coefficient. Order here is the order of coefficients.
"""

from typing import Final

GROWTH, LEADER, PATRON_TO, REGIME, MAJOR_GAIN, MAJOR_LOSS = range(6)
ENTRY, ENTRY_LATE, RIVAL_START, RIVAL_END, DISPUTE, LEVEL = range(6, 12)
JOIN, LEAVE, WAR_END, OUTCOME, MARGIN = range(12, 17)
EXIT, EXIT_TO, HANDS, HANDS_TO = range(17, 21)
FOUND_STRONG, FOUND_WEAK, OPEN, MEMBER, ACCEDE, WITHDRAW, LAPSE = range(21, 28)
SHOCK: Final = 28
PROCESSES: Final = 28
WIDTH: Final = 36


def _named(text: str) -> tuple[str, ...]:
    """Terms written as words."""
    return tuple(text.split())


_STATE: Final = (
    "const",
    "democracy",
    "mixed_regime",
    "log_tenure",
    "at_war",
    "beaten",
    "upset",
    "client",
    "regime_age",
    "war_weariness",
)
_FOUND: Final = (
    "const",
    "land",
    "water",
    "dependency",
    "distance",
    "rival",
    "hurt_short",
    "hurt_mid",
    "hurt_long",
    "war_memory",
    "comrades",
    "pact_memory",
    "strong_now",
    "weak_now",
    "common_threat",
    "cobelligerents",
    "one_at_war",
    "same_regime",
    "both_major",
    "one_major",
    "weaker_capability",
    "capability_gap",
    "shared_allies",
    "standing",
    "client",
    "loser_and_common_threat",
    "newborn",
    "joint_democracy",
    "grudge",
    "opposed",
    "common_rival",
    "reach",
)
_MEMBER: Final = (
    "const",
    "strong",
    "wartime",
    "land",
    "water",
    "distance",
    "rival",
    "hurt_mid",
    "same_side_now",
    "opposed_now",
    "same_regime",
    "common_threat",
    "comrades",
    "newborn",
    "client",
    "founder_major",
    "major",
    "treaty_age",
    "democracy",
    "allied_share",
    "democrats_share",
    "outlying",
    "allies_elsewhere",
)
_RIVAL_START: Final = _named(
    """
    const hurt_short hurt_mid hurt_long land water dependency both_major one_major strong_ally
    capability_gap newborn war_memory distance common_threat grudge
    """
)
_RIVAL_END: Final = _named(
    """
    const hurt_short hurt_mid hurt_long strong_ally common_threat beaten regime_changed both_major
    land joint_democracy comrades client war_memory grudge
    """
)
_DISPUTE: Final = _named(
    """
    const land water dependency rival hurt_short hurt_mid hurt_long strong_ally weak_ally
    capability_i capability_j major_i major_j power_ratio deterrence target_engaged target_beaten
    other_predators joint_democracy common_threat distance self_engaged client revanche comrades
    war_memory newborn reach own_quarrels rival_memory unsettled_war
    """
)

TERMS: Final[dict[int, tuple[str, ...]]] = {
    GROWTH: ("momentum", "at_war", "beaten", "territory"),
    LEADER: _STATE,
    PATRON_TO: ("contact", "major", "winner_over", "capability", "ally"),
    REGIME: (
        "const",
        "mixed_regime",
        "democracy",
        "regime_age",
        "beaten",
        "upset",
        "neighbours_freer",
        "patron_freer",
        "at_war",
        "newborn",
    ),
    MAJOR_GAIN: ("const", "capability", "standing", "victor", "was_major"),
    MAJOR_LOSS: ("const", "capability", "standing", "beaten", "upset", "lost_now"),
    ENTRY: (
        "const",
        "held_by_nobody",
        "holder_gone",
        "holder_beaten",
        "holder_at_war",
        "holder_capability",
        "self_rule_norm",
        "was_state",
        "people",
        "late",
        "occupied",
        "of_the_homeland",
        "homeland_of_troubled",
    ),
    RIVAL_START: _RIVAL_START,
    RIVAL_END: _RIVAL_END,
    DISPUTE: _DISPUTE,
    LEVEL: (
        "const",
        "rival",
        "land",
        "dependency",
        "major_i",
        "major_j",
        "power_ratio",
        "strong_ally",
        "hurt_mid",
        "target_engaged",
        "war_memory",
        "deterrence",
        "joint_democracy",
        "self_engaged",
        "revanche",
        "unsettled_war",
    ),
    JOIN: (
        "const",
        "target_side",
        "ally_of_principal",
        "ally_of_side",
        "ally_of_enemy",
        "rival_of_enemy",
        "hurt_by_enemy",
        "contact_enemy",
        "contact_own",
        "major",
        "capability",
        "war_size",
        "majors_in_war",
        "later_round",
        "first_year",
        "balance",
        "patron_on_side",
        "comrades",
        "engaged_elsewhere",
        "threat_from_enemy",
        "distance",
        "left_before",
        "grudge_against_enemy",
        "weak_ally_of_side",
    ),
    LEAVE: (
        "const",
        "capability",
        "duration",
        "balance",
        "originator",
        "major",
        "upset",
        "principal_left",
        "war_size",
    ),
    WAR_END: (
        "const",
        "duration",
        "imbalance",
        "war_size",
        "majors_both_sides",
        "side_empty",
        "third_party_threat",
        "first_year",
        "principal_left",
    ),
    OUTCOME: (
        "const",
        "capability_share",
        "standing_gap",
        "majors_gap",
        "democracy_gap",
        "self_rule_norm",
    ),
    MARGIN: ("const", "imbalance", "draw", "duration", "war_size", "majors"),
    EXIT: (
        "const",
        "lost_now",
        "beaten",
        "capability",
        "threat",
        "opposed_by_stronger",
        "client",
        "upset",
        "newborn",
        "majors_fighting",
        "victor_nearby",
    ),
    EXIT_TO: (
        "nobody",
        "opposed",
        "won_now",
        "land",
        "power_ratio",
        "patron",
        "rival",
        "ally",
        "victor_nearby",
    ),
    HANDS: (
        "const",
        "held_by_nobody",
        "holder_gone",
        "holder_lost_now",
        "front_line",
        "as_home",
        "as_occupied",
        "self_rule_norm",
        "people",
        "holder_beaten",
        "holder_at_war",
        "holder_won_now",
        "home_at_peace",
    ),
    HANDS_TO: (
        "nobody",
        "won_now",
        "opposed",
        "touches_home",
        "touches_dependency",
        "major",
        "capability",
        "newborn_touches",
        "nobody_and_norm",
        "taken_in_peace",
    ),
    FOUND_STRONG: _FOUND,
    FOUND_WEAK: _FOUND,
    OPEN: (
        "const",
        "strong",
        "wartime",
        "both_major",
        "one_major",
        "distance",
        "same_regime",
    ),
    MEMBER: _MEMBER,
    ACCEDE: _MEMBER,
    WITHDRAW: (
        "const",
        "strong",
        "treaty_age",
        "rival",
        "opposed_now",
        "upset",
        "size",
        "regime_changed",
        "wartime",
        "wartime_over",
        "hurt_mid",
    ),
    LAPSE: (
        "const",
        "strong",
        "log_age",
        "wartime",
        "wartime_over",
        "size",
        "rival",
        "opposed_now",
        "hurt_mid",
        "common_threat",
        "upset",
        "regime_changed",
        "bound_leader_gone",
        "beaten",
        "founder_gone",
        "newly_signed",
        "coalition_over",
        "league",
        "majors_at_war",
    ),
}
"""Terms of each process; ENTRY_LATE shares those of ENTRY."""

NAMES: Final = {
    GROWTH: "capability",
    LEADER: "leader",
    PATRON_TO: "patron",
    REGIME: "regime",
    MAJOR_GAIN: "major status gained",
    MAJOR_LOSS: "major status lost",
    ENTRY: "entry",
    ENTRY_LATE: "entry after war",
    RIVAL_START: "rivalry begins",
    RIVAL_END: "rivalry ends",
    DISPUTE: "dispute",
    LEVEL: "escalation",
    JOIN: "joining",
    LEAVE: "war exit",
    WAR_END: "war end",
    OUTCOME: "war outcome",
    MARGIN: "margin",
    EXIT: "exit",
    EXIT_TO: "exit to whom",
    HANDS: "unit changes hands",
    HANDS_TO: "unit to whom",
    FOUND_STRONG: "strong treaty",
    FOUND_WEAK: "weak treaty",
    OPEN: "open to others",
    MEMBER: "founding member",
    ACCEDE: "accession",
    WITHDRAW: "withdrawal",
    LAPSE: "lapse",
    SHOCK: "year shock",
}
ALTERNATIVES: Final = {LEADER: 3, REGIME: 2, LEVEL: 2, JOIN: 1, OUTCOME: 2}
"""Rows of coefficients of a process (alternatives beside the base); 1 where not listed."""
YEARLY: Final = (DISPUTE, FOUND_STRONG, FOUND_WEAK)
"""Processes that share a shock within a year."""
SHOCKED: Final = (*YEARLY, JOIN)
"""Processes that share a shock: within a year, or (joining) within a war as long as it lasts."""
TIMED: Final = (*YEARLY, RIVAL_START, HANDS, LAPSE, LEVEL)
"""Processes whose general level drifts with the times; of LEVEL, its last alternative (war)."""
RACES: Final = (PATRON_TO, EXIT_TO, HANDS_TO)
"""Choices among states (conditional logit)."""
