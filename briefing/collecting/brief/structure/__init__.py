"""Read a brief by what repeats in it: the same arrangement of headline, source, date and link.

messages (chats and forwarded emails taken apart) → rows → dividing, in thirteen ways → heads of items, in each
arrangement → reading (the best division) → parse: items.
"""

LAYOUTS = (
    "bullets",
    "numbers",
    "rules",
    "headings",
    "paragraphs",
    "headlines",
    "document",
    "addresses",
    "rows",
    "emphasis",
    "table",
    "titles",
    "cards",
)
"""The names of the ways to divide a brief into items, which an editor can ask for: `dividing.DIVISIONS`."""
