"""Web and email addresses in a line: where they are, and which of them no reader may see."""

from briefing.collecting.brief.vocabulary import phrases
from briefing.collecting.text.literal import URL

_LONGEST_QUOTE = 200


def before_address(text: str) -> str:
    """`text` without the web address at its end."""
    last = text.rpartition(" ")[2]
    address = URL.search(last)
    if address is None:
        return text
    return text[: len(text) - len(last) + address.start()].rstrip("<([")


def is_unsubscribe_link(address: str) -> bool:
    """Whether an address is for leaving a mailing list."""
    address = address.lower()
    return any(part in address for part in phrases("unsubscribe_address"))


def without_addresses(text: str) -> str:
    """`text` without the words that are addresses."""
    return " ".join(word for word in text.split() if not _is_address(word))


def quoted(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """A quote for a note: at most `longest` characters, without addresses of people or for one reader only."""
    words = " ".join(word for word in text.split() if not _is_personal(word)).rstrip(" :<([")
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def _is_personal(word: str) -> bool:
    return "@" in word or (_is_address(word) and ("?" in word or is_unsubscribe_link(word)))


def _is_address(word: str) -> bool:
    if "@" in word or "://" in word or word.lstrip("(<[").lower().startswith("www."):
        return True
    host, slash, _ = word.partition("/")
    ending = host.rpartition(".")[2]
    return bool(slash) and ending != host and ending.isascii() and ending.isalpha() and 2 <= len(ending) <= 10
