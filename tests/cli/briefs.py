"""A brief with sections, in several scripts and with everything that the report can say."""

import datetime as dt

from briefing.collecting.brief.model import Brief, ParsedItem
from briefing.issue.model import Item, Kind

LONG_NOTE = (
    "left out above it: “Compiled by the students of the Port Ellis law clinic, with thanks to the "
    "library, for everyone who couldn’t be with us in the hall on the evening of 12 October”"
)
ADDRESS = "https://www.example.com/harbour-post/2020/10/15/second-court-finds-no-grounds-to-hold-the-printer"


def _item(
    section: str,
    heading: str,
    source: str = "",
    day: int = 0,
    *notes: str,
    kind: Kind = Kind.ARTICLE,
    link: bool = True,
    image: str = "",
) -> ParsedItem:
    item = Item(
        heading=heading,
        kind=kind,
        source=source,
        date=dt.date(2020, 10, day) if day else None,
        link=f"https://www.example.com/{day}/{len(heading)}" if link else "",
        image=image,
        text=f"The text of {heading or 'an item'}.",
    )
    return ParsedItem(item, notes, section=section)


BRIEF = Brief(
    [
        _item(
            "NEWS", "A ruling on old maps", "Harbour Post", 15, image="maps.jpg"
        ),
        _item(
            "NEWS",
            "Second court finds no grounds to hold the printer of Saint Orsa Street any longer",
            "The Meridian Review of Books and Letters",
            13,
            LONG_NOTE,
            f"another link: {ADDRESS}",
        ),
        _item(
            "NEWS", "Evening schools move to the kitchen table", "Meridian", 12
        ),
        _item("NEWS", "No date for the vote", "Stromkurier", 0, "no date"),
        _item(
            "Velmar",
            "第二法院认定没有理由继续关押圣奥尔萨街的印刷工人约纳斯·维尔德",
            "河谷周报",
            14,
            "没有写明来源的一段话：“第二法院认定没有理由继续关押圣奥尔萨街的印刷工人，检察官仍可向高等法院上诉，请编辑核对。”",
        ),
        _item("Velmar", "كىتابخانا يېڭىدىن ئېچىلدى", "دەريا گېزىتى", 11),
        _item(
            "Velmar",
            "ئوقۇتقۇچىلار ئانا تىلدا دەرس بېرىش ھوقۇقىنى تەلەپ قىلدى، دەيدۇ گېزىت",
            "دەريا گېزىتى",
            10,
            "no text",
        ),
        _item("Velmar", "Das Archiv öffnet wieder", "Flussbote", 9, link=False),
        _item("◎ 声明", "Village doctors’ statement", kind=Kind.STATEMENT),
        _item(
            "◎ 声明",
            "",
            "Association of Waiting Families",
            8,
            "no headline",
            kind=Kind.PRESS_RELEASE,
        ),
        _item("Lower Delta", "Clinics stay shut", "Delta Radio", 7),
        _item(
            "Lower Delta",
            "Joint statement",
            "Delta Union",
            7,
            kind=Kind.STATEMENT,
        ),
        _item("", "An item above all sections", "Harbour Post", 6),
        _item("Reports", "The winter in numbers", "Example Watch", 5),
        _item("Reports", "One hundred letters", "Example Watch", 5),
    ],
    "Dear friends,\n\nthis is what we read on a rainy week, in short, and where you can read all of it.",
    {"maps.jpg": b"a photo"},
)
