"""Every kind of issue, for hypothesis."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from briefing.issue.headings import escape_headings
from briefing.issue.model import Issue, Item, Kind, Section

AWKWARD = [
    *(
        "#",
        "## so",
        "### so",
        "###so",
        "title #",
        "C#",
        "a: b",
        "Note: this",
        "kind: article",
        "date: 2020-10-09",
    ),
    *(
        "\\",
        "back\\slash",
        "*emphasis*",
        "“quoted”",
        '"quoted"',
        "it's",
        "---",
        "===",
        "- a",
        "> quote",
        "1. one",
    ),
    *(
        "ئۇيغۇر",
        "مۇھىم: خەۋەر",
        "新疆",
        "İstanbul",
        "😀 emoji",
        "a\u2028b",
        "a\u2029b",
        "a\x85b",
        "\ufeffbom",
    ),
    *(
        "<b>raw</b>",
        "&amp;",
        "[link](https://example.org/)",
        "\u200f",
        "\u00a0",
        "\x0b",
        "```",
        "    code",
        "{{ slot }}",
    ),
]

characters = st.characters(codec="utf-8")
values = st.one_of(st.sampled_from(AWKWARD), st.text(characters, max_size=40))
dates = st.dates(min_value=dt.date(1900, 1, 1))
# What strategies are made of is made once: hypothesis looks through each new one as a whole.
_values_or_none = st.one_of(st.just(""), values)
_dates_or_none = st.none() | dates
_lines = st.lists(_values_or_none, max_size=8)
_kinds = st.sampled_from(Kind)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Markdown source of some lines; what would be a heading in it is escaped, as all writers do."""
    return escape_headings(Item(text="\n".join(draw(_lines))).text)


@st.composite
def items(draw: st.DrawFn) -> Item:
    names = (
        "heading",
        "source",
        "link",
        "image",
        "alt",
        "photo",
        "contact",
        "action",
        "lang",
        "original",
    )
    fields: dict[str, Any] = {name: draw(_values_or_none) for name in names}
    return Item(
        kind=draw(_kinds),
        date=draw(_dates_or_none),
        text=draw(_texts),
        **fields,
    )


_texts = texts()
_loose = st.lists(items(), max_size=2)
_titled = st.lists(st.tuples(values, st.lists(items(), max_size=3)), max_size=3)
_corrects = st.sampled_from(["", "2020-10-02"])


@st.composite
def issues(draw: st.DrawFn) -> Issue:
    loose = draw(_loose)
    sections = [Section(items=tuple(loose))] if loose else []
    sections += [
        Section(title=title, items=tuple(below))
        for title, below in draw(_titled)
    ]
    return Issue(
        title=draw(values),
        date=draw(_dates_or_none),
        subject=draw(values),
        preheader=draw(values),
        corrects=draw(_corrects),
        introduction=draw(_texts),
        sections=tuple(sections),
    )
