"""A row is divided into its pieces once for a brief, however many arrangements are tried on it; prepositions aren't
pieces of their own before a date.
"""

import datetime as dt
from itertools import pairwise

import pytest

from briefing.collecting.brief.structure.head import Evidence
from briefing.collecting.brief.structure.separators import divide

ROW = "Bridge closed (Harbour Post, 4 March 2024)"


def test_a_row_is_divided_once_for_a_brief() -> None:
    evidence = Evidence()
    assert divide(ROW, "", evidence) is divide(ROW, "", evidence)


def test_another_host_may_confirm_another_name() -> None:
    evidence = Evidence()
    names = [
        piece.likely
        for host in ("", "harbour-post.example.com")
        for piece in divide(ROW, host, evidence)
        if piece.name == "Harbour Post"
    ]
    assert names[0] < names[1]


@pytest.mark.parametrize(
    ("row", "leads"),
    [
        ("Ferry strike ends, Harbour Post, on 3 May", True),
        ("Grève au port, Le Phare, le 3 mai", True),
        ("On 3 May the ferries sailed again.", False),
        ("The ferries sailed. On 3 May they stopped.", False),
    ],
)
def test_a_preposition_leads_to_a_date_but_also_begins_sentences(
    row: str, *, leads: bool
) -> None:
    pieces = divide(row, "", Evidence(dt.date(2024, 5, 10)))
    before_date = [
        above.is_label for above, piece in pairwise(pieces) if piece.is_date
    ]
    assert before_date == [leads]
