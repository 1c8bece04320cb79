"""Word a count with its noun."""


def counted(number: int, noun: str) -> str:
    """Return a phrase such as `1 link` or `2,000 links`."""
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"
