"""Create a newsletter with any number of subscribers and an issue of about 80 KB an email."""

import email
import email.policy
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

ISSUE = "2020-10-09"
BRIEFING = (sys.executable, "-m", "briefing")
"""The command in this environment."""
ITEMS = 15
"""The number of items that make an email of about 80 KB."""
PARAGRAPH = (
    "Observers at the hearing said that the ruling was the first of its kind in the region — “long overdue”, as one of "
    "them put it — and that others would follow before the year was out. "
)

ITEM = """\
### Ruling number {number} of the autumn
source: Harbour Post
date: 2020-10-08
link: https://www.example.com/ruling-{number}

{text}

{text}

"""

SETTINGS = """\
[newsletter]
name = "Weekly Brief"
organisation = "Example Watch"
from = "Weekly Brief <weekly@example.org>"
address = "14 Quay Street"
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
connections = {connections}
[sendgrid]
host = "http://127.0.0.1:{port}"
[unsubscribe]
url = "https://example.org/u/{{token}}"
mailto = "leave@example.org"
"""


def create(
    folder: Path, *, readers: int, port: int, connections: int = 2
) -> Path:
    """Create a newsletter, and return its folder."""
    issue = folder / "issues" / ISSUE
    issue.mkdir(parents=True)
    (folder / "briefing.toml").write_text(
        SETTINGS.format(port=port, connections=connections),
        "utf-8",
    )
    items = ""
    for number in range(1, ITEMS + 1):
        items += ITEM.format(number=number, text=PARAGRAPH * 4)
    (issue / "issue.md").write_text(
        f"# Weekly Brief\ndate: {ISSUE}\n\nWelcome.\n\n{items}", "utf-8"
    )
    with (folder / "subscribers.csv").open("w", encoding="utf-8") as rows:
        rows.write("email,name\n")
        rows.writelines(
            f"reader{number}@example{number % 500}.org,Reader {number}\n"
            for number in range(readers)
        )
    (folder / "subscribers.csv").chmod(0o600)
    return folder


@dataclass(frozen=True)
class Sample:
    """An email for other programs to send, with {{name}} and {{token}} in place of a reader's own."""

    size: int
    """The size in bytes of the complete mail as briefing writes it."""
    text: str
    html: str

    def write(self, path: Path) -> None:
        path.write_text(
            json.dumps({"text": self.text, "html": self.html}), "utf-8"
        )


def sample(folder: Path) -> Sample:
    """Return the email to a newsletter's first reader, from its rehearsal."""
    command = [*BRIEFING, "send", "--via", "outbox", "--yes", "--limit", "1"]
    done = subprocess.run(  # noqa: S603  # ours
        command,
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    (path,) = (folder / "rehearsal" / ISSUE).glob("*.eml")
    raw = path.read_bytes()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    found = re.search(r"/u/([0-9a-f]+)>", str(mail["List-Unsubscribe"]))
    assert found
    parts = {}
    for part in mail.iter_parts():
        template = (
            str(part.get_content())
            .replace(found[1], "{{token}}")
            .replace("Reader 0", "{{name}}")
        )
        assert "{{token}}" in template
        assert "{{name}}" in template
        parts[part.get_content_subtype()] = template
    return Sample(len(raw), parts["plain"], parts["html"])
