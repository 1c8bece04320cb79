"""Hosts of addresses: those that no reader can reach, and those that are made to be taken for another.

No function here raises for any text: hosts come from pages that nobody vouches for.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from urllib.parse import unquote, urlsplit

from briefing.checks.confusables import IMITATED, LIKE, READ_AS, SLASHES, TAKEN_FOR

# RFC 6761, 6762, 2606, 8375 and what ICANN set aside (SAC 113), beside names that routers and offices use.
NOT_PUBLIC = {
    *("alt", "corp", "domain", "example", "home", "home.arpa", "internal", "intranet", "invalid", "lan", "local"),
    *("localdomain", "localhost", "mail", "private", "test", "workgroup"),
}
# Public names whose whole purpose is to lead to an address within.
LEADS_WITHIN = {"localtest.me", "lvh.me", "nip.io", "sslip.io", "vcap.me", "xip.io"}

# Scripts that are written together in one word (UTS #39, "highly restrictive").
TOGETHER = (
    {"LATIN", "CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "IDEOGRAPHIC", "BOPOMOFO"},
    {"LATIN", "CJK", "IDEOGRAPHIC", "HANGUL"},
)


def host_of(address: str) -> str:
    """The host of a web address, or the domain of a mail address behind `mailto:`; empty where there is none."""
    if address.lower().startswith("mailto:"):
        _, at, domain = re.split(r"[?,]", address)[0].rpartition("@")
        return domain.lower() if at else ""
    try:
        return unquote(urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def punycode(host: str) -> str:
    """The host as the network knows it: ASCII, labels of other scripts as `xn--…`."""
    labels = (unicodedata.normalize("NFC", label) for label in as_browsers_read(host).split("."))
    return ".".join(label if label.isascii() else _encoded(label) for label in labels)


def as_browsers_read(host: str) -> str:
    """The host with what browsers take for ASCII turned into it: full width, circled, capitals, the ideographic dot."""
    return unicodedata.normalize("NFKC", host).casefold().replace("。", ".").removesuffix(".")


def not_public(host: str) -> str:
    """Why readers can't reach a host, as the end of a sentence that begins with it; empty if they can."""
    plain = as_browsers_read(host)
    labels = plain.split(".")
    # Browsers take a host for an IP address if its last label is a number (WHATWG URL 3.5): 127.1, 0x7f.1, 2130706433.
    if ":" in plain or re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        return "is a number, as traps and private networks have; link to the name of the site"
    if any(not 1 <= len(_encoded(label)) <= 63 for label in labels) or len(plain) > 253:
        return "can't be the name of a host; copy the address again"
    if _ends_in(labels, NOT_PUBLIC):
        return f"ends in '{labels[-1]}', which the internet doesn't have; link to where readers can go"
    if len(labels) == 1:
        return "has no dot, so it is known inside one network only; link to where readers can go"
    if _ends_in(labels, LEADS_WITHIN):
        return "stands for an address inside the reader's own network; link to where readers can go"
    return ""


def look_alike(host: str, own: Collection[str] = ()) -> str:
    """What a host is made to be taken for, as the end of a sentence that begins with its punycode; empty if nothing.

    `own` are further hosts that imitations are looked for of: the newsletter's.
    """
    known = {punycode(one).removeprefix("www.") for one in own} | IMITATED
    plain = punycode(host)
    if any(plain == one or plain.endswith(f".{one}") for one in known):
        return "" if host.isascii() else _written_oddly(host)
    shown = ".".join(_decoded(label) for label in plain.split("."))
    return _written_oddly(host) or _like_known(shown, known) or _mixed(shown) or _like_ascii(shown)


def _written_oddly(host: str) -> str:
    for character in host:
        if character in SLASHES and not _in_cjk(host, character):
            return f"holds {_named(character)}, which only looks like a slash"
        if character.isascii() or character == "。":
            continue
        if unicodedata.normalize("NFKC", character).isascii():
            return f"was written with {_named(character)}, which only looks like '{as_browsers_read(character)}'"
        if unicodedata.category(character)[0] not in "LMN" and character not in "·・":
            return f"holds {_named(character)}, which belongs in no address"
    return ""


def _in_cjk(host: str, character: str) -> bool:
    """Whether it is the kana or the ideograph that it is, in a word of its own script."""
    label = next(label for label in host.split(".") if character in label)
    return unicodedata.category(character) == "Lo" and not re.search("[a-z]", label)


def _mixed(shown: str) -> str:
    for label in shown.split("."):
        scripts = set(_scripts(label))
        if len(scripts) > 1 and not any(scripts <= together for together in TOGETHER):
            first, *_, last = sorted(scripts)
            return f"mixes {first.capitalize()} and {last.capitalize()} letters in one word, as imitations do"
    return ""


def _like_ascii(shown: str) -> str:
    """A word of one other script that reads as an ASCII one, below an ASCII domain (as browsers judge it)."""
    labels = shown.split(".")
    for label in labels[:-1] if labels[-1].isascii() else ():
        if not label.isascii() and label.translate(TAKEN_FOR).isascii() and "LATIN" not in _scripts(label):
            script = next(iter(_scripts(label)), "other")
            return f"is {script.capitalize()} that reads as '{shown.translate(TAKEN_FOR)}'"
    return ""


def _like_known(shown: str, known: Collection[str]) -> str:
    labels = shown.split(".")
    alike = {_skeleton(one): one for one in sorted(known)}
    for start in range(len(labels) - 1):
        one = alike.get(_skeleton(".".join(labels[start:])))
        if one:
            return f"is easily taken for '{one}'"
    for end in range(2, len(labels) - 1):
        for start in range(end - 1):
            if ".".join(labels[start:end]) in known:
                return f"begins like '{'.'.join(labels[start:end])}' but belongs to '{'.'.join(labels[end:])}'"
    return ""


def _skeleton(host: str) -> str:
    """What remains of a host at a glance: equal for hosts that are taken for one another."""
    bare = unicodedata.normalize("NFD", host.translate(LIKE))
    bare = "".join(one for one in bare if not unicodedata.combining(one)).translate(LIKE)
    for written, read in READ_AS:
        bare = bare.replace(written, read)
    return bare


def _scripts(label: str) -> Iterable[str]:
    """The scripts of a word's letters, by the first word of the letters' names in Unicode."""
    names = (unicodedata.name(one, "") for one in label if one.isalpha())
    return dict.fromkeys(re.split("[ -]", name)[0] for name in names if name and not name.startswith("MODIFIER"))


def _named(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, 'a character without a name')}"


def _ends_in(labels: list[str], names: Collection[str]) -> bool:
    return any(".".join(labels[-count:]) in names for count in (1, 2))


def _encoded(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode", "replace").decode("ascii")


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (ValueError, OverflowError):  # no punycode after all
        return label
