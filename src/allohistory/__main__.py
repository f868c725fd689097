"""``python -m allohistory`` is the command line."""

from allohistory.cli import main

if __name__ == "__main__":
    main()
