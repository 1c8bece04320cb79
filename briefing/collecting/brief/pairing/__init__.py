"""Check after reading that no item has another item's link, source or date: the worst that can happen to a brief.

places: where the headline and the values of each item stand → units: which of them surely belong together → order and
hosts: whether all others could as well belong to the item beside → guard: what is in doubt is left out, with a note.

Here a row of a value or headline is its number among the rows of the brief. If "https://…" stands between "Ferry
returns" and "Mill opens", only the other items can say whose link it is.
"""
