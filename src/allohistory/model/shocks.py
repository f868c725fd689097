"""The slices of a year shock: eight equiprobable pieces of a standard normal."""

import numpy as np

NODES = 8
NODE = np.array([-1.6477, -0.8938, -0.4941, -0.1593, 0.1593, 0.4941, 0.8938, 1.6477])
"""Mean of the normal within each slice."""
