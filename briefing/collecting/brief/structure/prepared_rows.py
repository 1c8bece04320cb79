"""Prepare the rows of a brief for reading: each knows what only the whole brief shows of it.

Of "Source: Harbour Post" below each of several headlines, "Source" is a label; in a single text, it may be any word.
"""

import datetime as dt
from collections.abc import Sequence

from briefing.collecting.brief.paragraphs import Paragraph

from .colons_before_addresses import without_colons_before_addresses
from .columns import with_columns
from .dashes_before_sources import without_dashes_before_sources
from .field_rows import with_fields
from .footnotes import with_listed_links
from .levels import with_headlines
from .link_labels import with_link_labels
from .row import Row
from .rows import rows_of
from .text_rows import with_text_rows
from .title_bullets import without_title_bullets


def prepared_rows(
    paragraphs: Sequence[Paragraph], before: dt.date | None
) -> list[Row]:
    """The rows of a brief; `before` is the brief's own date."""
    rows = rows_of(paragraphs)
    rows = with_link_labels(rows)
    rows = with_listed_links(rows)
    rows = without_title_bullets(rows)
    rows = with_text_rows(rows, before)
    rows = with_headlines(rows, before)
    rows = with_columns(rows)
    rows = with_fields(rows)
    rows = without_colons_before_addresses(rows)
    return without_dashes_before_sources(rows, before)
