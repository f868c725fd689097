"""Worlds rolled forward in time: the gate every choice passes, the year, the run, the ledger."""
