"""The examples of docs/templates.md, followed exactly as they are printed there.

    python -m tests.template_examples DIR

writes the email of each, for judges outside these tests.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner
from markdown_it import MarkdownIt

from briefing.cli import cli

PAGE = Path(__file__).parents[1] / "docs" / "templates.md"
ID = "2020-10-09"

SETTINGS = """\
[newsletter]
name = "Weekly Brief"
organisation = "Far Valley Rights Network"
from = "Weekly Brief <brief@example.org>"
address = "14 Quay Street, 4021 Velmar"
languages = ["LANG"]
[look]
notice = "foot"
[unsubscribe]
url = "https://example.org/unsub/{token}"
mailto = "leave@example.org"
"""

ISSUE = """\
# Weekly Brief, 9 October 2020
date: 2020-10-09
preheader: A court opens its files, and three more that we read this week.

This is what we read this week.

## In the news

### A court opens its files
source: Harbour Post
date: 2020-10-08
link: https://www.example.com/files

The court has opened the files of the last three years. Families can read them from Monday on.

## In short

### The bridge is closed
source: Valley Times
date: 2020-10-07
link: https://www.example.net/bridge

The only bridge to the upper valley is closed until spring.

### A school for evenings
source: Harbour Post
date: 2020-10-06
link: https://www.example.com/school

Adults learn to read there after work.

### Fewer trains
source: Valley Times
date: 2020-10-06
link: https://www.example.net/trains

Two trains a day are left, one in each direction.
"""

EXAMPLES = (
    "Change one file",
    "A masthead of your own",
    "A footer of your own",
    "Short news in two columns",
)
"""The headings of the page that have an example below them."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code, its language, and the paragraph before it."""

    language: str
    text: str
    before: str


def blocks() -> Mapping[str, list[Block]]:
    """Return the blocks of the page by the heading that they are under."""
    found: dict[str, list[Block]] = {}
    heading = paragraph = ""
    tokens = MarkdownIt("commonmark").parse(PAGE.read_text("utf-8"))
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            heading = following.content
        elif token.type == "paragraph_open":
            paragraph = following.content
        elif token.type == "fence":
            block = Block(token.info, token.content, paragraph)
            found.setdefault(heading, []).append(block)
    return found


def follow(example: str, newsletter: Path) -> None:
    """Do what an example says in a newsletter's folder."""
    steps: Iterator[Block] = iter(blocks()[example])
    for step in steps:
        if step.language == "sh":
            for line in step.text.splitlines():
                run(newsletter, *line.split()[1:])
            continue
        name = re.findall(r"`(templates/[\w.]+)`", step.before)[-1]
        path = newsletter / name
        text = step.text
        if "replace" in step.before:
            old = path.read_text("utf-8")
            assert old.count(text) == 1, text
            text = old.replace(text, next(steps).text)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


def run(newsletter: Path, *arguments: str) -> str:
    """Run `briefing` in a newsletter's folder, and return what it prints."""
    result = CliRunner().invoke(cli, ["-C", str(newsletter), *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def write_newsletter(
    folder: Path, issue: str = ISSUE, lang: str = "en"
) -> None:
    """Write a newsletter with one issue into a folder."""
    path = folder / "issues" / ID / "issue.md"
    path.parent.mkdir(parents=True)
    path.write_text(issue, "utf-8")
    settings = SETTINGS.replace("LANG", lang)
    (folder / "briefing.toml").write_text(settings, "utf-8")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, example in enumerate(EXAMPLES):
        with TemporaryDirectory() as newsletter:
            root = Path(newsletter)
            write_newsletter(root)
            follow(example, root)
            run(root, "render", "--out", str(root / "out"))
            for kind in ("eml", "html"):
                data = (root / "out" / f"issue.{kind}").read_bytes()
                (folder / f"{number}.{kind}").write_bytes(data)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
