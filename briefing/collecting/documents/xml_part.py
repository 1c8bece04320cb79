"""Parse a part of a document in XML: no entities, nothing fetched."""

from typing import Any

from lxml import etree

from briefing.errors import BriefingError

MOST_XML = 4_000_000
"""Bytes of text with its markup; 100 pages have 1 MB."""


def parse_part(data: bytes) -> Any:
    """Return the root element, without comments and processing instructions.

    Raises BriefingError if the part declares a document type, and lxml's errors if it is damaged.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        raise BriefingError(
            "contains XML entities, which no word processor writes; paste the text instead"
        )
    return root
