"""Lists of words as they are read best: one line below the other, without quotes."""


def words(text: str) -> frozenset[str]:
    """The words of a text, which are parted by spaces and line ends."""
    return frozenset(text.split())


def words_in_order(text: str) -> tuple[str, ...]:
    """The same where their order says which goes before which."""
    return tuple(text.split())
