"""
What a term of the model means to somebody who never saw it: a clause for more, one for less.

Each clause can follow "because". "They" are two states, "it" is the one that the choice is about.
More and less are against what history had at the same choice.
"""

_PAIR = """
land: they share a land border here | they share no land border here
water: they are neighbours across the water here | they are no neighbours across the water here
dependency: their colonies meet here | their colonies do not meet here
reach: they can reach each other with less effort here | they can hardly reach each other here
rival: they are rivals here | they are not the rivals they were in history
hurt_short: they have just clashed, as they had not in history | they have not just clashed, as
  they had in history
hurt_mid: clashes of the last years stand between them | the clashes that history had in these
  years did not come
hurt_long: a generation's quarrels stand between them | a generation's quarrels weigh less on them
  than in history
war_memory: the memory of war with each other weighs more than in history | the memory of war with
  each other weighs less than in history
comrades: they have fought side by side | they have not fought side by side, as they had in history
pact_memory: they remember being allies | they do not remember an alliance as they did in history
strong_now: a pledge of defense binds them | no pledge of defense binds them, as one did in history
strong_ally: a pledge of defense binds them | no pledge of defense binds them, as one did in history
weak_now: a pact binds them | no pact binds them, as one did in history
weak_ally: a pact binds them | no pact binds them, as one did in history
common_threat: they fear the same powers more than in history | they fear the same powers less
  than in history
common_rival: they have a rival in common | they lack the common rival they had in history
cobelligerents: they are fighting on the same side | they are not fighting on the same side, as
  they were in history
one_at_war: one of the two is at war here | neither of the two is at war alone, as one was in
  history
same_regime: their governments are of one kind here | their governments are not of one kind here
joint_democracy: both are democracies here | they are not both democracies here
both_major: both are major powers here | they are not both major powers here
one_major: only one of the two is a major power here | it is not, as in history, a major power
  with a lesser one
weaker_capability: the weaker of the two is stronger than in history | the weaker of the two is
  weaker than in history
capability_gap: they are less equal in strength than in history | they are more equal in strength
  than in history
capability_i: the one that would begin is stronger than in history | the one that would begin is
  weaker than in history
capability_j: the other is stronger than in history | the other is weaker than in history
major_i: the one that would begin is a major power here | the one that would begin is no major
  power here
major_j: the other is a major power here | the other is no major power here
power_ratio: the one that would begin is the stronger by more than in history | the one that would
  begin has less of an edge than in history
deterrence: the arms of the other are held in higher repute than in history | the arms of the
  other are held in lower repute than in history
standing: their arms are held in higher repute than in history | their arms are held in lower
  repute than in history
shared_allies: they have more allies in common than in history | they have fewer allies in common
  than in history
client: one has a hand in the other's government | no foreign hand is in their governments, as it
  was in history
loser_and_common_threat: a beaten power looks for help against a common threat | no beaten power
  looks for help, as one did in history
newborn: one of them is a new state here | none of them is a new state, as one was in history
grudge: an old defeat rankles | no old defeat rankles, as one did in history
revanche: a defeat is there to be avenged | there is no defeat to be avenged, as there was in
  history
opposed: they stand on opposite sides of a war | they do not stand on opposite sides of a war, as
  they did in history
target_engaged: the other has its hands full elsewhere | the other does not have its hands full
  elsewhere, as it had in history
self_engaged: the one that would begin has its hands full elsewhere | the one that would begin
  does not have its hands full elsewhere, as it had in history
target_beaten: the other has lately been beaten | the other has not lately been beaten, as it was
  in history
other_predators: others press on the same state | others press less on the same state than in
  history
own_quarrels: the one that would begin is quarrelling on all sides | the one that would begin has
  fewer quarrels with others than in history
rival_memory: they have clashed more of late than in history | they have clashed less of late
  than in history
unsettled_war: a war between them was left undecided | no war between them was left undecided, as
  one was in history
beaten: a defeat is fresh that history did not have | the defeat of history did not come
regime_changed: a regime has changed that in history had not | a change of regime that history had
  did not come
"""
_ONE = """
democracy: it is a democracy here | it is no democracy here
mixed_regime: its regime is neither free nor despotic here | its regime is not the mixed one of
  history
regime_age: its regime is older than in history | its regime is younger than in history
log_tenure: its leader has been in office for longer than in history | its leader is newer in
  office than in history
at_war: it is at war here | it is not at war, as it was in history
beaten: it has lately been beaten, as it was not in history | it was not beaten, as it was in
  history
upset: its government has been overthrown | its government has not been overthrown, as it was in
  history
client: a foreign power stands behind its government | no foreign power stands behind its
  government, as one did in history
war_weariness: a long war with a major power wears it out | no long war wears it out, as one did
  in history
newborn: it is a new state here | it is no longer the new state it was in history
neighbours_freer: its neighbours are freer than in history | its neighbours are less free than in
  history
patron_freer: the power behind it is freer than in history | the power behind it is less free than
  in history
capability: it is stronger than in history | it is weaker than in history
standing: its arms are held in higher repute than in history | its arms are held in lower repute
  than in history
victor: it has lately won a war | it has not won the war it won in history
was_major: it has been a major power before | it has not been a major power before, as it had in
  history
lost_now: it has just lost a war | it has not lost the war that it lost in history
threat: it is more threatened than in history | it is less threatened than in history
opposed_by_stronger: it fights somebody stronger | it does not fight somebody stronger, as it did
  in history
majors_fighting: the major powers are fighting | the major powers are not fighting, as they were
  in history
victor_nearby: a stronger neighbour comes from victory | no stronger neighbour comes from victory,
  as one did in history
"""
_WAR = """
ally_of_principal: an alliance with one of the first two calls it | no alliance with one of the
  first two calls it, as one did in history
ally_of_side: an alliance calls it | no alliance calls it, as one did in history
weak_ally_of_side: a pact ties it to that side | no pact ties it to that side, as one did in history
ally_of_enemy: an alliance ties it to the other side | no alliance ties it to the other side, as
  one did in history
rival_of_enemy: a rival of its own fights on the other side | no rival of its own fights on the
  other side, as one did in history
hurt_by_enemy: it has quarrelled with the other side | it has quarrelled less with the other side
  than in history
grudge_against_enemy: it has a defeat to avenge on the other side | it has no defeat to avenge on
  the other side, as it had in history
threat_from_enemy: the other side threatens it more than in history | the other side threatens it
  less than in history
contact_enemy: it is a neighbour of the other side | it is no neighbour of the other side, as it
  was in history
contact_own: it is a neighbour of that side | it is no neighbour of that side, as it was in history
comrades: it has fought beside that side before | it has not fought beside that side before, as it
  had in history
engaged_elsewhere: it is at war elsewhere | it is not at war elsewhere, as it was in history
patron_on_side: the power behind its government fights there | the power behind its government
  does not fight there, as it did in history
left_before: it has left this war before | it has not left this war before, as it had in history
major: it is a major power here | it is no major power here
capability: it is stronger than in history | it is weaker than in history
war_size: the war is larger than in history | the war is smaller than in history
majors_in_war: more major powers fight in it than in history | fewer major powers fight in it than
  in history
majors_both_sides: major powers fight on both sides | no major powers fight on both sides, as they
  did in history
balance: that side is the stronger by more than in history | that side is weaker against the other
  than in history
imbalance: the sides are less equal than in history | the sides are more equal than in history
duration: the war has lasted longer than in history | the war has not lasted as long as in history
principal_left: one of the first two has left the war | the first two have not left the war, as in
  history
third_party_threat: others threaten those who fight | others threaten those who fight less than in
  history
upset: a government has been overthrown | no government has been overthrown, as one was in history
capability_share: the side that began is stronger than in history | the side that began is weaker
  than in history
standing_gap: the arms of the side that began are held in higher repute than in history | the arms
  of the side that began are held in lower repute than in history
majors_gap: more major powers fight for the side that began | fewer major powers fight for the
  side that began
democracy_gap: the side that began is the freer | the side that began is less free than in history
"""
_TREATY = """
log_age: the treaty is older than in history | the treaty is younger than in history
treaty_age: the treaty is older than in history | the treaty is younger than in history
wartime: its members are at war | its members are not at war, as they were in history
wartime_over: the war it served is over | the war it served is not over, as it was in history
coalition_over: the war of its coalition is over | the war of its coalition is not over, as in
  history
size: it has more members than in history | it has fewer members than in history
rival: there are rivals among its members | its members are not the rivals they were in history
opposed_now: its members fight each other | its members do not fight each other, as they did in
  history
same_side_now: they are fighting on the same side | they are not fighting on the same side, as
  they were in history
hurt_mid: clashes of the last years stand between its members | the clashes that history had in
  these years did not come
upset: a government among its members has been overthrown | no government among its members has
  been overthrown, as one was in history
beaten: one of its members has lately been beaten | none of its members has been beaten, as one
  was in history
founder_gone: one of its founders is gone | its founders live on, as they did not in history
bound_leader_gone: the leader it was bound to is gone | the leader it was bound to still rules
common_threat: its members fear the same powers more than in history | its members fear the same
  powers less than in history
majors_at_war: more of the major powers are at war than in history | fewer of the major powers are
  at war than in history
founder_major: a major power leads it | no major power leads it, as one did in history
"""
_LAND = """
held_by_nobody: no state holds the land | a state holds the land, as none did in history
holder_gone: the state that held it is gone | the state that held it still stands
holder_beaten: the state that held it has been beaten | the state that held it was not beaten, as
  it was in history
holder_at_war: the state that held it is at war | the state that held it is not at war, as it was
  in history
holder_lost_now: the state that held it has just lost a war | the state that held it has not lost
  the war it lost in history
holder_won_now: the state that held it has just won a war | the state that held it has not won the
  war it won in history
holder_capability: the state that held it is stronger than in history | the state that held it is
  weaker than in history
front_line: an enemy stands at its border | no enemy stands at its border, as one did in history
as_occupied: it was only occupied | it was not only occupied, as it was in history
occupied: it is under occupation | it is not under occupation, as it was in history
self_rule_norm: more of the world rules itself than in history | less of the world rules itself
  than in history
"""


def _read(text: str) -> dict[str, tuple[str, str]]:
    rows = (line.partition(": ") for line in text.strip().replace("\n  ", " ").splitlines())
    found = {}
    for term, _, clauses in rows:
        more, _, less = clauses.partition(" | ")
        found[term] = (more, less)
    return found


OF_PAIR, OF_ONE, OF_WAR, OF_TREATY, OF_LAND = map(_read, (_PAIR, _ONE, _WAR, _TREATY, _LAND))
"""Clauses by term: (more than in history, less), for each subject of a choice."""
