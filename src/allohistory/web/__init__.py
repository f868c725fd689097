"""The local workbench: ask, watch, read and compare in a browser, on this machine only."""
