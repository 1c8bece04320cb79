"""Recognise contacts, and the traces of email addresses that a web page hid."""

import re

from briefing.collecting.brief.vocabulary import Form, words
from briefing.collecting.text.comparing import fold

from .line import Line, Role
from .names import SEPARATORS, is_acronym, is_organisation_word, is_proper_name
from .sentences import ends_sentence

_CONTACT = Form("<contact_label>[ ]:[ ]{rest}")
# An email or web address, or a phone number.
_REACH = re.compile(
    r"[^\s@]{1,100}@[^\s@]{1,100}|https?://\S+|\bwww\.\S+|\b[\w-]{1,60}\.(?:org|com|net|info|eu|de|ch|tr)\b\S*"
    r"|[+(]?\d[\d ()/.-]{5,30}",
    re.IGNORECASE,
)
_LONGEST_REACH = 120
_REACH_WORD = Form("<reach>")
_PARTS = re.compile(r"[,;/|]| [–—-] ")
# What Cloudflare puts in place of an email address, with the words that connected the address.
_HIDDEN = Form(
    "[[ ]{comma}| <or>][ ][<mail>[ ]:[ ]]{open}[ ]"
    "(<mail>{space}<protected>|<protected>{space}<mail>|<mail_protected>)[ ]{close}"
)
_CLOSING = frozenset("])>")
_JOINT = Form("[ ]({comma}|<or>)")


def classify_contact(text: str) -> Line | None:
    """A line such as "Media contact: Jane Doe", else None."""
    contact = _CONTACT.match(text)
    if contact is None:
        return None
    return Line(Role.CONTACT, text, name=contact["rest"])


def is_reachable(text: str) -> bool:
    """Whether a line gives a phone number or an email or web address in a few words."""
    if len(text) > _LONGEST_REACH:
        return False
    if ends_sentence(text):
        return False
    return _REACH.search(text) is not None


def contact_name(contact: str) -> str:
    """The name before any number or address in the first line of a contact."""
    reach = _REACH.search(contact)
    name = contact[: reach.start()] if reach else contact
    reach_word = _REACH_WORD.find_at_end(name.rstrip(" .:"))
    # The full stop of "Net Menders e. V." belongs to the name.
    return name[:reach_word].strip(SEPARATORS.replace(".", ""))


def publishing_contact(name: str) -> str:
    """The organisation in a contact's name; "" if it only names a person."""
    parts = list(filter(None, map(str.strip, _PARTS.split(name))))
    for part in parts:
        if _is_organisations(part):
            return name if part is parts[0] else part
    return next(filter(_is_longer_than_a_persons, parts), "")


def _is_organisations(name: str) -> bool:
    if is_acronym(name):
        return True
    return is_proper_name(name) and any(map(is_organisation_word, name.split()))


def _is_longer_than_a_persons(name: str) -> bool:
    titles = words("personal_title")
    own = [
        word for word in name.split() if fold(word.rstrip(".")) not in titles
    ]
    # Without a title, people have two names: "Dr. Jane Doe", but "Circle of Millers" has three words.
    return len(own) > 2 and is_proper_name(name)


def without_hidden_address(text: str) -> str:
    """`text` without "[email protected]" and the word that connected it ("or", "E-mail:")."""
    if _CLOSING.isdisjoint(text):
        return text
    visible = _HIDDEN.remove(text)
    if visible == text:
        return text
    if _HIDDEN.begins(text):
        # "[email protected], 555 0100": the comma led from the address to the number.
        while length := _JOINT.begins(visible):
            visible = visible[length:]
    return " ".join(visible.split())
