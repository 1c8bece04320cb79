"""An issue in a newsletter of its own, checked by one family of rules or by all."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from briefing.checks.check import FAMILIES, Render, check_and_render
from briefing.checks.rule import Finding
from briefing.errors import RefusedError
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter, package_templates
from briefing.rendering.edition import render as render_edition
from briefing.rendering.rendered import RenderedIssue
from tests.checks.received.arrived import arrive, folder, sent

__all__ = ["arrive", "folder", "sent"]

CheckOn = Callable[[Path, dt.date], list[Finding]]
Check = Callable[..., list[Finding]]
ChangeTemplate = Callable[[str, str, str], None]
TODAY = dt.date(2020, 10, 9)

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
"""An issue that no rule finds anything in."""

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


def not_rendered(_newsletter: Newsletter, _edition: Edition) -> RenderedIssue:
    """Skips most of a check's time, for rules that only look at the issue."""
    raise RefusedError("not rendered here")


@pytest.fixture
def families() -> Sequence[ModuleType]:
    """The families that are checked; a test module narrows them to its own."""
    return tuple(FAMILIES.values())


@pytest.fixture
def render() -> Render:
    """How editions are rendered; a test module whose rules need no email uses `not_rendered`."""
    return render_edition


@pytest.fixture
def check_on(
    newsletter: Newsletter, families: Sequence[ModuleType], render: Render
) -> CheckOn:
    """Check an issue that was written already, on a day."""

    def call(folder: Path, today: dt.date) -> list[Finding]:
        return check_and_render(
            Newsletter(newsletter.root),
            folder,
            today,
            families=families,
            render=render,
        )[0]

    return call


@pytest.fixture
def check_issue(newsletter: Newsletter, check_on: CheckOn) -> Check:
    """Check the issue 2020-10-09 with a text (and further editions by language), on a day."""

    def call(
        text: str = SOUND,
        *,
        settings: str = SETTINGS,
        today: dt.date = TODAY,
        **editions: str,
    ) -> list[Finding]:
        languages = ", ".join(f'"{lang}"' for lang in ("en", *editions))
        # Only those that have an edition here.
        settings = settings.replace('"en", "ug"]', f"{languages}]")
        (newsletter.root / "briefing.toml").write_text(settings, "utf-8")
        folder = newsletter.issues / "2020-10-09"
        folder.mkdir(exist_ok=True)
        (folder / "issue.md").write_text(text, "utf-8")
        for lang, edition in editions.items():
            (folder / f"issue.{lang}.md").write_text(edition, "utf-8")
        return check_on(folder, today)

    return call


@pytest.fixture
def change_template(newsletter: Newsletter) -> ChangeTemplate:
    """Give the organisation a template of its own: the package's with one thing replaced."""

    def change(name: str, old: str, new: str) -> None:
        text = (package_templates() / name).read_text("utf-8")
        assert old in text
        (newsletter.root / "templates").mkdir(exist_ok=True)
        (newsletter.root / "templates" / name).write_text(
            text.replace(old, new), "utf-8"
        )

    return change
