"""An issue in a newsletter of its own, checked."""

import datetime as dt
from collections.abc import Callable

import pytest

from briefing.checks.check import check
from briefing.checks.rule import Finding
from briefing.newsletter import Newsletter

Check = Callable[..., list[Finding]]

SOUND = """\
# Weekly Brief, 9 October 2020
date: 2020-10-09
preheader: A court opens its files, and a letter that takes ten minutes to write.

What we read this week.

### A court opens its files
source: Harbour Post
date: 2020-10-08
link: https://www.example.com/files

The court has opened the files of the last three years.
"""
"""An issue in which nothing is to be found."""

SETTINGS = """\
[newsletter]
name = "Weekly Brief"
organisation = "Example Watch"
from = "Weekly Brief <brief@example.org>"
address = "1 Example Street, Exampleton"
languages = ["en", "ug"]
[unsubscribe]
url = "https://example.org/u/{token}"
mailto = "leave@example.org"
"""


@pytest.fixture
def check_issue(newsletter: Newsletter) -> Check:
    """Check the issue 2020-10-09 with a text (and further editions by language), on a day."""

    def call(
        text: str = SOUND, *, settings: str = SETTINGS, today: dt.date = dt.date(2020, 10, 9), **editions: str
    ) -> list[Finding]:
        languages = ", ".join(f'"{lang}"' for lang in ("en", *editions))
        settings = settings.replace('"en", "ug"]', f"{languages}]")  # only those that have an edition here
        (newsletter.root / "briefing.toml").write_text(settings, "utf-8")
        folder = newsletter.issues / "2020-10-09"
        folder.mkdir(exist_ok=True)
        (folder / "issue.md").write_text(text, "utf-8")
        for lang, edition in editions.items():
            (folder / f"issue.{lang}.md").write_text(edition, "utf-8")
        return check(Newsletter(newsletter.root), folder, today)

    return call
