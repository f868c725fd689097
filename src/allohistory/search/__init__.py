"""The best way: price, search, rare goals, bounds."""
