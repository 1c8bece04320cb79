"""Count the calls that reading a brief takes, in a process of its own.

`sys.setprofile` in a process that has run thousands of other tests can hang. Standard input has the words above
the lines, and the lines, as JSON; the calls for 50 and for 100 of each line go to standard output.
"""

import json
import sys

from tests.collecting.brief.pasting import read


def count_calls(text: str) -> int:
    """How many functions are called, in Python and in C: work that doesn't depend on how fast the
    machine is.
    """
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return calls


def main() -> None:
    """Write the counts."""
    counts = []
    above, lines = json.load(sys.stdin)
    for line in lines:
        read(above + line * 25)  # word lists are read and forms compiled once
        counts.append(
            [count_calls(above + line * 50), count_calls(above + line * 100)]
        )
    json.dump(counts, sys.stdout)


if __name__ == "__main__":
    main()
