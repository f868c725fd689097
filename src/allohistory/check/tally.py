"""
What a stretch of history held, counted year by year in one pass; one code for record and runs.

Row 0 of a History is the end of the year before the first one counted.
"""

import numpy as np

from allohistory import world as w
from allohistory.kernels import kernel

(
    STATES,
    MAJORS,
    DEMOCRACIES,
    ENTRIES,
    EXITS,
    LEADERS,
    IRREGULAR,
    REGIMES,
    UNITS,
    DISPUTES,
    FORCE,
    NEW_PAIRS,
    WEAK,
    STRONG,
    RIVALS,
    RIVALS_NEW,
    OPPOSED,
    OPPOSED_NEW,
    PATHS,
    CLOSED,
    CLUSTER,
    TIES_FOLLOWED,
    TIES_KEPT,
    ENEMIES_FOLLOWED,
    ENEMIES_ALLIED,
) = range(25)
COLUMNS = 25
KEPT_YEARS, RECONCILED_YEARS = 5, 20


@kernel
def of_states(history, tracked, out):
    """Count states, their leaders and regimes, and units."""
    status = history.status
    for y in range(status.shape[0]):
        for i in range(status.shape[2]):
            live = status[y, w.ACTIVE, i]
            if live:
                out[y, STATES] += 1
                out[y, MAJORS] += status[y, w.MAJOR, i]
                out[y, DEMOCRACIES] += status[y, w.REGIME, i] == 2
            if y == 0:
                continue
            before = status[y - 1, w.ACTIVE, i]
            if live and not before:
                out[y, ENTRIES] += 1
            elif before and not live:
                out[y, EXITS] += 1
            elif live:
                if tracked[i] and status[y, w.TENURE, i] == 0:
                    out[y, LEADERS] += 1
                    out[y, IRREGULAR] += status[y, w.UPSET, i]
                out[y, REGIMES] += status[y, w.REGIME, i] != status[y - 1, w.REGIME, i]
        if y > 0:
            for u in range(history.unit.shape[2]):
                out[y, UNITS] += history.unit[y, w.OWNER, u] != history.unit[y - 1, w.OWNER, u]


@kernel
def of_pairs(history, seen, out):
    """Count disputes, pacts, rivalries and enemies; `seen` marks who disputed with whom."""
    link, status = history.link, history.status
    years, n = link.shape[0], link.shape[2]
    seen[:] = 0
    for y in range(years):
        for i in range(n):
            if not status[y, w.ACTIVE, i] and (y == 0 or not status[y - 1, w.ACTIVE, i]):
                continue
            for j in range(n):
                level = link[y, w.DISPUTE, i, j]
                if y > 0 and level > 0:
                    out[y, DISPUTES] += 1
                    out[y, FORCE] += level >= 2
                    if not seen[i, j]:
                        out[y, NEW_PAIRS] += 1
                        seen[i, j] = 1
                        seen[j, i] = 1
                if j <= i:
                    continue
                ally = link[y, w.ALLY, i, j]
                out[y, WEAK] += ally == 1
                out[y, STRONG] += ally == 2
                rival = link[y, w.RIVAL, i, j]
                opposed = link[y, w.WAR, i, j] == w.OPPOSED
                out[y, RIVALS] += rival
                out[y, OPPOSED] += opposed
                if y > 0:
                    out[y, RIVALS_NEW] += rival and not link[y - 1, w.RIVAL, i, j]
                    out[y, OPPOSED_NEW] += opposed and link[y - 1, w.WAR, i, j] != w.OPPOSED


@kernel
def follow(history, out):
    """Follow new strong ties for five years, and enemies for twenty after their war."""
    link = history.link
    years, n = link.shape[0], link.shape[2]
    for y in range(1, years - KEPT_YEARS):
        for i in range(n):
            for j in range(i + 1, n):
                if link[y, w.ALLY, i, j] == 2 and link[y - 1, w.ALLY, i, j] != 2:
                    out[y, TIES_FOLLOWED] += 1
                    kept = True
                    for z in range(y + 1, y + KEPT_YEARS + 1):
                        kept = kept and link[z, w.ALLY, i, j] == 2
                    out[y, TIES_KEPT] += kept
                if y + RECONCILED_YEARS >= years:
                    continue
                now, after = link[y, w.WAR, i, j], link[y + 1, w.WAR, i, j]
                if now == w.OPPOSED and after != w.OPPOSED:
                    out[y, ENEMIES_FOLLOWED] += 1
                    allied = False
                    for z in range(y + 1, y + RECONCILED_YEARS + 1):
                        allied = allied or link[z, w.ALLY, i, j] == 2
                    out[y, ENEMIES_ALLIED] += allied


@kernel
def root(parent, i):
    """Representative of a state's cluster; the way there is shortened."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@kernel
def of_network(history, near, degree, parent, size, out):
    """Count paths of length two, how many are closed, and the largest cluster of strong allies."""
    link = history.link
    n = link.shape[2]
    for y in range(link.shape[0]):
        for i in range(n):
            degree[i] = 0
            parent[i] = i
            size[i] = 0
        for i in range(n):
            for j in range(i + 1, n):
                if link[y, w.ALLY, i, j] == 2:
                    near[i, degree[i]] = j
                    near[j, degree[j]] = i
                    degree[i] += 1
                    degree[j] += 1
                    parent[root(parent, i)] = root(parent, j)
        for i in range(n):
            top = root(parent, i)
            size[top] += degree[i] > 0
            out[y, CLUSTER] = max(out[y, CLUSTER], size[top])
            out[y, PATHS] += degree[i] * (degree[i] - 1) / 2
            for a in range(degree[i]):
                for b in range(a + 1, degree[i]):
                    out[y, CLOSED] += link[y, w.ALLY, near[i, a], near[i, b]] == 2


@kernel
def of_wars(world, first, last, by_year, out):
    """
    Describe the wars begun in a window, one row each: participants, duration.

    ``by_year[y]`` is how many took part in the largest war of the window's year y, whenever that
    war began.

    Returns
    -------
    int
        How many wars.
    """
    many = np.int64(0)
    by_year[:] = 0
    for k in range(world.count[w.N_WARS]):
        size = 0
        for i in range(world.side.shape[1]):
            size += world.side[k, i] != 0
        end = last if world.war[w.W_ALIVE, k] else min(last, world.war[w.W_END, k])
        began = world.war[w.W_YEAR, k]
        for year in range(max(began, first + 1), end + 1):
            by_year[year - first] = max(by_year[year - first], size)
        if began > first:
            out[many, 0] = size
            out[many, 1] = end - began
            many += 1
    return many


@kernel
def of_pacts(world, history, first, last, out):
    """
    Describe every treaty, one row each.

    Columns: year, strong, active members (0 if it is over), whether it was signed by comrades in
    arms inside the window and their war ended two years before the window does, and whether those
    two then had a strong tie two years after the war.

    Returns
    -------
    int
        How many treaties.
    """
    for t in range(world.count[w.N_PACTS]):
        year, strong = world.pact[w.T_YEAR, t], world.pact[w.T_STRONG, t]
        out[t, 0] = year
        out[t, 1] = strong
        for c in range(2, 5):
            out[t, c] = 0
        if world.pact[w.T_ALIVE, t]:
            for i in range(world.member.shape[1]):
                out[t, 2] += world.member[t, i] != 0 and world.status[w.ACTIVE, i]
        if year > first and strong and world.pact[w.T_WARTIME, t]:
            a, b = world.pact[w.T_A, t], world.pact[w.T_B, t]
            y = year - first
            while y <= last - first and history.link[y, w.WAR, a, b] == w.SAME_SIDE:
                y += 1
            # The war's last year is y - 1.
            if y + 1 <= last - first:
                out[t, 3] = 1
                out[t, 4] = history.link[y + 1, w.ALLY, a, b] == 2
    return world.count[w.N_PACTS]
