"""The command where it is not installed: `python -m streams.cli`."""

from streams.cli import main

main()
