"""`python -m briefing` is the same program as `briefing`."""

from .cli import main

main()
