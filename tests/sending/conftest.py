"""A newsletter with an issue in two languages and a list of readers of both, ready to be sent."""

from pathlib import Path

import pytest

from briefing.issue import store
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.rendering.edition import render
from briefing.sending.delivery import Plan
from briefing.subscribers import csv_file

SETTINGS = """
[newsletter]
name = "Weekly Brief"
from = "Weekly Brief <brief@example.org>"
languages = ["en", "de"]
[unsubscribe]
url = "https://example.org/u/{token}"
mailto = "leave@example.org"
"""
ISSUE = """\
# Weekly Brief
date: 2020-10-09

welcome.

### A ruling
source: Harbour Post
date: 2020-10-08
link: https://www.example.com/ruling

Its text.
"""


def write_list(newsletter: Newsletter, readers: int) -> None:
    rows = (f"reader{n}@example.org,Reader {n},{'de' if n % 3 == 0 else 'en'}" for n in range(readers))
    newsletter.subscribers.write_text("email,name,lang\n" + "".join(f"{row}\n" for row in rows), "utf-8")
    newsletter.subscribers.chmod(0o600)


def plan_of(newsletter: Newsletter, tag: str = "") -> Plan:
    folder = store.find(newsletter, None)
    editions = {edition.lang: render(newsletter, edition) for edition in store.editions(newsletter, folder)}
    return Plan(newsletter, folder.name, editions, csv_file.read_all(newsletter.subscribers).subscribers, tag)


@pytest.fixture
def sendable(tmp_path: Path) -> Newsletter:
    """The newsletter, its list of 30 readers and its issue 2020-10-09."""
    (tmp_path / "briefing.toml").write_text(SETTINGS, "utf-8")
    folder = tmp_path / "issues" / "2020-10-09"
    folder.mkdir(parents=True)
    (folder / "issue.md").write_text(ISSUE, "utf-8")
    (folder / "issue.de.md").write_text(ISSUE.replace("Its text.", "Der Text."), "utf-8")
    newsletter = Newsletter(tmp_path)
    write_list(newsletter, 30)
    return newsletter


@pytest.fixture
def key(sendable: Newsletter) -> Key:
    return Key.of(sendable)
