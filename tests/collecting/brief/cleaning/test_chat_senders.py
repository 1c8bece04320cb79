"""Senders and times on lines of their own never get into an item. The notes say that they were left out."""

import pytest

from briefing.collecting.brief.cleaning.clean import clean
from briefing.collecting.brief.paragraphs import split_paragraphs
from briefing.collecting.brief.parse import read_brief

MESSAGES = (
    "Pilots meet the minister\nHarbour Post, 19 November 2026\n"
    "They want the lists back.\nhttps://harbour-post.example.com/pilots",
    "Ferry crew refuse to hand over lists\nValley Radio, 18 November 2026\n"
    "The talks go on.\nhttps://valley.example.net/ferry",
)
COPIES = [
    "Mira Kade\n  9:41 AM\n{0}\nTeo\n  10:02 AM\n{1}",
    "Mira Kade  9:41 AM\n{0}\n9:44\n{1}",
    "Mira Kade [9:41 AM]\n{0}\nMira Kade [9:44 AM]\n{1}",
    "[19/11/2026 09:41] Mira Kade\n{0}\n\n[19/11/2026 09:44] Teo\n{1}",
    "Mira Kade\n19.11.2026 09:41\n{0}\n\nTeo Brandt\n19.11.2026 10:02\n{1}",
    "Mira Kade — Today at 9:41 AM\n{0}\n\nTeo — Today at 10:02 AM\n{1}",
    "Mira Kade\n — \nToday at 9:41 AM\n{0}\nTeo\n — \n19.11.2026 10:02\n{1}",
    "Mira Kade\n19.11.26, 09:41\n{0}\n\nTeo Brandt\n19.11.26 10.02\n{1}",
    "Mira Kade Yesterday 9:41 AM\n{0}\n2 replies\n\nTeo Monday 10:02 AM\n{1}",
    "Mira Kade\n{0}\n09:41\n\nTeo\n{1}\n10:02",
    "Mira K.\n09:41\n{0}\n:eyes: 2\n\nThursday, November 19th\n\nTeo\n10:02\n{1}",
    "+44 7700 900123\n09:41\n{0}\n\nTeo\n10:02\n{1}",
    "Mira Kade\n  9:41 AM\n{0}\n(edited)\nTeo\n  10:02 AM\n{1}\n(bearbeitet)",
    "Mira Kade\n  9:41 AM\n{0}\n（已编辑）\n3 条回复\nTeo\n  10:02 AM\n{1}",
]


@pytest.mark.parametrize("copy", COPIES)
def test_names_and_times_are_left_out_and_said(copy: str) -> None:
    brief = read_brief(split_paragraphs(copy.format(*MESSAGES)))
    items = [parsed.item for parsed in brief.items]
    assert [
        (item.heading, item.source, item.text, item.link) for item in items
    ] == [
        (
            "Pilots meet the minister",
            "Harbour Post",
            "They want the lists back.",
            "https://harbour-post.example.com/pilots",
        ),
        (
            "Ferry crew refuse to hand over lists",
            "Valley Radio",
            "The talks go on.",
            "https://valley.example.net/ferry",
        ),
    ]
    assert not any(parsed.section for parsed in brief.items)
    assert not brief.introduction
    left_out = " ".join(brief.items[-1].notes)
    assert ("Mira K" in left_out) or ("900123" in left_out)


@pytest.mark.parametrize(
    "text",
    [
        # An event, its place and its time.
        "Hearing on the harbour\nPort Ellis, 18:00\n\nVigil for the crews\nPort Ellis, 20:00",
        # A label, and when events are.
        "怎样写证词\n时间：10月22日（星期三）19:00\n\n谁来保管名字\n时间：10月25日（星期六）14:00",
        # A publisher, and when it published.
        "Talks go on\nHarbour Post\n19/11/2026 09:41\n\nTalks end\nHarbour Post\n19/11/2026 19:10",
        # A name that the addresses confirm.
        "Karsa Line\n09:41\nTalks go on\nhttps://karsaline.example.com/talks\n\n"
        "Karsa Line\n10:02\nTalks end\nhttps://karsaline.example.com/end",
        # Only one, below a headline.
        "Talks go on at the harbour\nMira Kade 9:41 AM\nThe crews wait.",
    ],
)
def test_events_and_publishers_are_not_senders(text: str) -> None:
    assert not clean(split_paragraphs(text)).left_out
