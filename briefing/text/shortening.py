"""Shorten texts; an ellipsis shows that something is missing."""

ELLIPSIS = "…"


def shorten(text: str, longest: int) -> str:
    """Return a text of at most `longest` characters."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rstrip() + ELLIPSIS


def shorten_between_words(
    text: str, longest: int, *, shortest: int = 0, ends: str = " ,;:–—-"
) -> str:
    """Return a text of at most `longest` characters that ends with a whole word, without any of `ends`.

    A text that would become shorter than `shortest`, since its script has no spaces, is cut anywhere.
    """
    if len(text) <= longest:
        return text
    start = text[: longest - 1]
    whole_words = start.rpartition(" ")[0] or start
    if len(whole_words) >= shortest:
        start = whole_words
    return start.rstrip(ends) + ELLIPSIS
