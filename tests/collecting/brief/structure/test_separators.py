"""A row is divided into its pieces once for a brief, however many arrangements are tried on it, and some words only
belong to the pieces beside them.
"""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest

from briefing.collecting.brief.structure.evidence import Evidence
from briefing.collecting.brief.structure.separators import divide

ROW = "Bridge closed (Harbour Post, 4 March 2024)"


def test_a_row_is_divided_once_for_a_brief() -> None:
    evidence = Evidence()
    assert divide(ROW, evidence) is divide(ROW, evidence)


def test_another_host_may_confirm_another_name() -> None:
    evidence = Evidence()
    names = [
        piece.likely
        for host in ("", "harbour-post.example.com")
        for piece in divide(ROW, replace(evidence, hosts=host))
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
    pieces = divide(row, Evidence(dt.date(2024, 5, 10)))
    before_date = [
        above.is_label for above, piece in pairwise(pieces) if piece.is_date
    ]
    assert before_date == [leads]


@pytest.mark.parametrize(
    "row",
    [
        "“We counted (and wept)” (Harbour Post)",
        "„Wir zählten (und weinten)“ – Harbour Post",
        "« On a compté (et pleuré) » | Harbour Post",
    ],
)
def test_brackets_within_quotation_marks_divide_nothing(row: str) -> None:
    quoted, name = divide(row, Evidence())
    assert quoted.text[-1] in "”“»"
    assert name.text == "Harbour Post"


@pytest.mark.parametrize("month", ["May", "May issue", "Oktober", "Sayı Mayıs"])
def test_the_month_of_an_issue_is_neither_a_source_nor_a_date(
    month: str,
) -> None:
    *_, last = divide(f"Wells run dry (Tidal Review, {month})", Evidence())
    assert (last.text, last.is_tag) == (month, True)
    assert last.date is None
    assert not last.is_name


@pytest.mark.parametrize("time", ["14:30", "at 14:30", "الساعة 18:00"])
def test_a_time_is_not_a_name(time: str) -> None:
    *_, last = divide(f"Wells run dry | {time}", Evidence())
    assert last.is_tag
    assert not last.is_name
