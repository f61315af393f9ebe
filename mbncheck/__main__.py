"""``python -m mbncheck``."""

from mbncheck.cli import main

main()
