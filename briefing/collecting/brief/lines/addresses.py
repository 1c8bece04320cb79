"""Find web and email addresses in a line, and hide those that are personal."""

import re
from itertools import filterfalse

from briefing.collecting.brief.vocabulary import phrases
from briefing.collecting.text.hosts import is_first_page
from briefing.collecting.text.literal import URL
from briefing.issue.links import unsafe_reason
from briefing.text.shortening import shorten

_MAIL = re.compile(
    r"[<(\[]?[\w.+-]{1,64}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+)*[>)\]]?", re.ASCII
)
_ADDRESS = re.compile(r"@|://|^[(<\[]?www\.|\.[a-z]{2,10}/", re.IGNORECASE)
_TITLE = re.compile(r"[^\W\d_]++(?:-[^\W\d_]++){2,}+(?:\.html?)?/?")
"""Three or more words with dashes. With digits, a reader's number could be among them."""


def before_address(text: str) -> str:
    """`text` without the web address at its end."""
    last = text.rpartition(" ")[2]
    address = URL.search(last)
    if address is None:
        return text
    return text[: len(text) - len(last) + address.start()].rstrip("<([")


def leads_to_page(address: str) -> bool:
    """Whether readers can follow an address to more than the front page of a site."""
    return not unsafe_reason(address) and not is_first_page(address)


def is_unsubscribe_link(address: str) -> bool:
    """Whether an address is for unsubscribing from a mailing list: it has such a word, and not only in an article's
    title at its end.
    """
    address = _without_title(address).lower()
    return any(part in address for part in phrases("unsubscribe_address"))


def _without_title(address: str) -> str:
    """An address without the title of an article that ends it: ".../how-clubs-unsubscribe"."""
    place = address.rstrip("/").rfind("/") + 1
    title = address[place:]
    is_title = title.islower() and _TITLE.fullmatch(title)
    return address[:place] if is_title else address


def without_addresses(text: str) -> str:
    """`text` without the words that are addresses."""
    return " ".join(filterfalse(_ADDRESS.search, text.split()))


def quoted(text: str) -> str:
    """A quote for a note: the words without personal addresses."""
    text = _MAIL.sub("", text)
    words = " ".join(filterfalse(_is_personal, text.split()))
    return words.rstrip(" :<([")


def beginning(text: str, longest: int) -> str:
    """A quote that is cut after `longest` characters."""
    return shorten(quoted(text), longest)


def _is_personal(word: str) -> bool:
    if "@" in word:
        return True
    # What is behind a question mark may identify a reader: "https://delta.example.org/read?reader=17".
    return bool(_ADDRESS.search(word)) and (
        "?" in word or is_unsubscribe_link(word)
    )
