"""Read a brief by what repeats in it: the same arrangement of headline, source, date and link.

paragraphs → rows (`prepared_rows`) → segments, divided in thirteen ways (`dividing`) → their heads, in each arrangement
(`best_head`) → the reading that fits the brief best (`reading`) → items (`parse`)

- A row is a line of the brief, with its links and what marks or emphasises it.
- A segment is some neighbouring rows: an item, the title of a section, the date of a day, or none of these.
- A head is an item's headline, source and date, as they are read from its first rows.
- A reading is the whole brief, divided into segments in one way. What its items have in common, the `Evidence`, says
  how likely each head is in the next pass.
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
