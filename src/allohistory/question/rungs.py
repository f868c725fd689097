"""What a pair can be to each other in a year; `bond` tells which. Light: pages import it."""

from typing import Final

APART, PLEDGED, ALLIED, IN_PART, CLIENT, TAKEN = range(6)
RUNGS: Final = ("apart", "pledged", "allied", "held in part", "client", "taken over")
UNDER: Final = IN_PART
"""From this rung on one of the two is under the other."""
SECOND: Final = 8
"""Added where it is the second of the pair that is under the first."""
CODES: Final = (*range(len(RUNGS)), *(SECOND + k for k in range(UNDER, len(RUNGS))))
"""All that `bonds` can give."""
