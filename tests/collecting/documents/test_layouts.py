"""Newsletters, emails and documents as programs write them: each data/NAME.html has in data/NAME.json what is found in
it, as a whole.
"""

import datetime as dt
import json
from pathlib import Path

import pytest

from briefing.collecting.brief_intake import understand_brief
from tests.collecting.brief.pasting import whole

DATA = Path(__file__).parent / "data"
DAY = dt.date(2024, 3, 8)
"""The date of the briefs."""


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in DATA.glob("*.html"))
)
def test_a_page_is_understood(name: str) -> None:
    page = (DATA / f"{name}.html").read_bytes()
    brief = understand_brief(page, f"{name}.html", DAY, "", {}).brief
    expected = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    assert whole(brief) == expected
