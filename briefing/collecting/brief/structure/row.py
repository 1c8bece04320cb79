"""A row of a brief: a line with its marks and links, and what is left of its words without these."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from briefing.collecting.brief.lines.marks import without_ornaments
from briefing.collecting.brief.lines.visible import Links
from briefing.collecting.brief.vocabulary import Form
from briefing.collecting.text.literal import locate_links

# What is left of "Ferry returns (https://…)" without its address: "( )".
EMPTY_BRACKETS = re.compile(r"[<\[(（]\s*[>\])）]")
_BEFORE_ADDRESS = re.compile(r"[,;|·–—-]\s+(?=[)\]）])")
"""What parted an address from words in the same brackets: "(Harbour Post, https://…)"."""
OTHER = "other"
_ADDRESS_LABEL = Form("[<address_label>|<link_field>|<read_more>[ <at>]]")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a brief."""

    raw: str
    """Its words, unchanged but for spaces."""
    words: str
    """Without the mark in front, and without emphasis around."""
    number: int = -1
    block: int = -1
    """The number of its paragraph, or of its row in a table."""
    paragraph: int = -1
    """The number of its paragraph in the document."""
    mark: str = ""
    """Whether a bullet ("*") or a number ("1") is in front."""
    level: int = 0
    """The level of a heading; 0 for none."""
    is_headline: bool = False
    """Whether it is a headline by its level among the headings; see `levels`."""
    is_strong: bool = False
    """Whether it is emphasised, ornamented or underlined as a whole."""
    lead: str = ""
    """The words at its start that are bold, if others follow."""
    links: Links = ()
    label: str = ""
    """The words of a link at its end that only lead to a page; see `link_labels`."""
    is_rule: bool = False
    cell: int = -1
    """The number of its cell in a row of a table, which is its block; -1 elsewhere."""
    card: int = -1
    """The number of the part of a page that it is in, if each such part has one item; -1 elsewhere."""
    field: str = ""
    """The field that its label or the heading of its column names: "title"; `OTHER` for one that isn't known, and for
    words that only belong to a text.
    """
    is_reference: bool = False
    """Whether it refers to another article: "See also: …"."""

    @property
    def is_cell(self) -> bool:
        """Whether it is in a row of a table."""
        return self.cell >= 0

    @property
    def is_in_part(self) -> bool:
        """Whether the page itself says where the item ends that it is in."""
        return self.is_cell or self.card >= 0

    @property
    def is_quoted(self) -> bool:
        """Whether a mail app or Markdown marks it as a quotation."""
        return self.raw.startswith(">")

    @property
    def is_link(self) -> bool:
        """Whether it is a link as a whole."""
        return any(
            # The words have lost an ornament in front; the text of the link hasn't: "📰 Ferry returns".
            self.words in {text, without_ornaments(text)}
            for text, _ in self.links
        )

    @property
    def begins_small(self) -> bool:
        """Whether it begins with a small letter."""
        return self.words[:1].islower()

    @property
    def addresses(self) -> list[str]:
        return [address for _, address in self.links]

    @property
    def is_linked(self) -> bool:
        """Whether it has a link, and words that say more than where that leads."""
        return bool(self.links) and not self.is_address

    @property
    def quote(self) -> str:
        """The unchanged words, with the addresses that they don't show."""
        hidden = (found for found in self.addresses if found not in self.raw)
        return " ".join([self.raw, *dict.fromkeys(hidden)])

    @property
    def without_addresses(self) -> str:
        """The words without bare addresses and the brackets around them, and without the label of a link."""
        words = _without_addresses(self.words, self.links)
        return words.removesuffix(self.label).rstrip()

    @property
    def is_address(self) -> bool:
        """Whether it only leads somewhere: an address, perhaps with a label before it."""
        if not self.links:
            return False
        rest = self.without_addresses.strip(" :：→»›>-–[]()（）.")
        if not rest:
            return True
        return _ADDRESS_LABEL.fits(rest)


Rows = Sequence[Row]


def addresses_in(rows: Iterable[Row]) -> list[str]:
    """All addresses of some rows."""
    return [address for row in rows for address in row.addresses]


@lru_cache(maxsize=4096)
def _without_addresses(words: str, links: Links) -> str:
    rest: list[str] = []
    end = 0
    bare = [link for link in links if same_address(*link)]
    for place in locate_links(words, bare):
        rest.append(words[end : place.start])
        end = place.end
    rest.append(words[end:])
    text = EMPTY_BRACKETS.sub(" ", " ".join(rest))
    return " ".join(_BEFORE_ADDRESS.sub("", text).split())


def without_addresses_above(rows: Rows) -> Rows:
    """An item's rows from its headline on: some briefs put the address above it."""
    start = 0
    while start < len(rows) - 1 and rows[start].is_address:
        start += 1
    return rows[start:]


def continues_in(row: Row, below: Row) -> bool:
    """Whether a row continues in one below it: this is in the same paragraph, and begins with a small letter."""
    is_small = below.begins_small and not below.is_address
    return is_small and row.block == below.block


def continues_below(rows: Rows, place: int) -> bool:
    """Whether the row in a place continues in the next one."""
    below = rows[place + 1 : place + 2]
    return any(continues_in(rows[place], row) for row in below)


def same_address(text: str, address: str) -> bool:
    """Whether a link's text is its address, perhaps without https://."""
    return address in {text, f"https://{text}"}
