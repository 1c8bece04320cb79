"""What is kept of an answer names no reader, in whatever form the server wrote the name."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.sending.transports.usual_words import (
    LONGEST,
    _words,
    keep_usual_words,
)
from tests.mail.test_headers import texts

FIRST, LAST, DOMAIN = "Aygul", "Tursunova", "rights-herald"
ADDRESS = f"{FIRST}.{LAST}@{DOMAIN}.example".lower()
FRAGMENTS = ("aygul", "tursun", "herald", "rights", "example")

FORMS = [
    ADDRESS,
    ADDRESS.upper(),
    f"<{ADDRESS}>",
    f"{FIRST} {LAST}",
    f"{LAST}, {FIRST}",
    f"{FIRST[0]}. {LAST}",
    f"{FIRST}{LAST}",
    f"{FIRST}_{LAST}",
    f"{FIRST}-{LAST}",
    f"{FIRST}.{LAST}",
    f"{FIRST}+{LAST}",
    f"'{FIRST}'s",
    f"{LAST}'s",
    f"mailbox/{FIRST}",
    f"user={FIRST}",
    f"user_{FIRST}",
    f"{FIRST}_mailbox",
    f"no-{FIRST}-user",
    f"unknown.{FIRST}.user",
    f"{FIRST}.0.user",
    f"mailbox.{FIRST}.0",
    f"rcpt:{FIRST}",
    f"{FIRST}={DOMAIN}.example@relay.example",
    f"{FIRST}%40{DOMAIN}",
    f"{FIRST} at {DOMAIN} dot example",
    f"{FIRST} (at) {DOMAIN}",
    f"{FIRST}&#64;{DOMAIN}",
    f"{FIRST}@{DOMAIN}",
    f"mx.{DOMAIN}.example",
    f"https://{DOMAIN}.example/why?{FIRST}",
    f"mail.{DOMAIN}",
    f"{FIRST}\u200b{LAST}",
    f"{FIRST}\x00{LAST}",
    f"user\u00a0{FIRST}",
    f"user\u2028{FIRST}",
    f"\x1b[31m{FIRST}\x1b[0m",
    f'"{FIRST} {LAST}"',
    f"({FIRST})",
    f"[{FIRST}]",
    f"{{{FIRST}}}",
    f"`{FIRST}`",
    f"#{FIRST}",
    f"{FIRST}1984",
    f"1984{FIRST}",
    f"{FIRST}…",
    f"{FIRST}!",
    f"«{FIRST}»",
    f"“{FIRST}”",
    f"‘{FIRST}’",
    f"{FIRST}’s",
    f"5.1.1{FIRST}",
    f"user{FIRST}unknown",
    f"{FIRST.upper()}UNKNOWN",
    f"Unknown{FIRST}",
    "".join(chr(0xFEE0 + ord(letter)) for letter in FIRST),
]


@pytest.mark.parametrize(
    "frame",
    ["{}", "no such user {} here", "mailbox {}, is full", "{}: unknown user"],
)
def test_no_form_of_a_readers_name_or_address_survives(frame: str) -> None:
    for form in FORMS:
        kept = keep_usual_words(frame.format(form))
        shown = unicodedata.normalize("NFKC", kept).casefold()
        assert not [part for part in FRAGMENTS if part in shown], form


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("no such user here", "no such user here"),
        (
            "User unknown in virtual mailbox table",
            "User unknown in virtual mailbox table",
        ),
        (
            "The email account that you tried to reach does not exist. Please try "
            "double-checking the recipient's email address for typos",
            "The email account that you tried to reach does not exist. Please try "
            "double-checking the recipient's email address for typos",
        ),
        (
            "Recipient address rejected: Greylisted, see http://grey.example/help",
            "Recipient address rejected: Greylisted, see …",
        ),
        ("Relay access denied", "Relay access denied"),
        (
            "Message size exceeds fixed limit",
            "Message size exceeds fixed limit",
        ),
        ("Too many connections, slow down", "Too many connections, slow down"),
        ("personalizations.0.to: bad", "personalizations.0.to: bad"),
        ("mailbox user.1984 unknown", "mailbox … unknown"),
        ("YOUR IP IS ON SPAMHAUS", "Your IP Is On Spamhaus"),
        ("try in 300 seconds", "try in … seconds"),
        ("Boîte pleine", "…"),
        ("tabs\tand   spaces\r\n lines", "… and spaces lines"),
        ("a b c d", "a …"),
        ("", ""),
    ],
)
def test_the_usual_words_are_kept(said: str, kept: str) -> None:
    assert keep_usual_words(said) == kept


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{3,}", text.casefold()))


USUAL = {part for word in _words() for part in words_of(word)}


@given(texts)
def test_nothing_but_usual_words_survives(text: str) -> None:
    kept = keep_usual_words(text)
    assert words_of(kept) <= USUAL
    assert len(kept) <= LONGEST
    assert kept == " ".join(kept.split())
    assert kept.isprintable()


names = st.from_regex(r"[a-z]{3,12}", fullmatch=True)


@given(
    names,
    names,
    names,
    st.sampled_from(
        ["{0}.{1}@{2}.org", "{0} {1}", "{1}, {0}", "{0}_{1}", "<{0}{1}>"]
    ),
    st.sampled_from(
        ["", "no such user ", "mailbox=", "user-", "unknown.", "user/"]
    ),
    st.sampled_from(
        ["", " is full", "=mailbox", "-user", ".unknown", "'s mailbox"]
    ),
)
def test_no_part_of_a_name_survives_unless_it_is_a_usual_word(
    first: str, last: str, domain: str, form: str, before: str, after: str
) -> None:
    said = before + form.format(first, last, domain) + after
    survived = words_of(keep_usual_words(said))
    assert survived <= USUAL
    assert not ({first, last, domain, first + last} - USUAL) & survived


def test_the_list_has_each_word_once_and_no_domain() -> None:
    assert all(
        re.fullmatch(r"[A-Za-z][A-Za-z0-9_'-]*", word) for word in _words()
    )
    assert not {"com", "org", "example", "gmail", "google", "net.org"} & set(
        _words()
    )
