"""briefing render: write an issue as files."""

from pathlib import Path

import click

from briefing.cli import decorators, output
from briefing.errors import NotFoundError, shown
from briefing.newsletter import Newsletter

EXAMPLES = """\
briefing render
briefing render 2020-10-09 --lang ug --out /tmp/look
"""


@decorators.command("render", examples=EXAMPLES)
@decorators.issue_argument
@click.option(
    "--lang",
    metavar="LANG",
    help="The edition's language (default: the newsletter's first).",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where to write the files (default: rendered/ISSUE/, or rendered/ISSUE/LANG/).",
)
@click.pass_obj
def command(
    directory: Path,
    issue: str | None,
    lang: str | None,
    out: Path | None,
) -> None:
    """Write an issue as issue.html, issue.txt and issue.eml.

    The HTML is a single file that includes its pictures, so it opens anywhere. The .eml is the complete mail as a
    made-up reader would get it; open it with a mail program.
    """
    import datetime as dt

    from briefing import files
    from briefing.issue import store
    from briefing.keys import Key
    from briefing.mail.message import SAMPLE_READER, Message
    from briefing.rendering.edition import render

    newsletter = Newsletter.find(directory)
    folder = store.find(newsletter, issue)
    editions = {edition.lang: edition for edition in store.editions(newsletter, folder)}
    edition = editions.get(lang or next(iter(editions)))
    if edition is None:
        raise NotFoundError(f"issue {folder.name} has no edition in '{lang}'; there are {', '.join(editions)}")
    rendered = render(newsletter, edition)
    message = Message(
        rendered,
        newsletter.settings,
        Key.of(newsletter),
        dt.datetime.now(dt.UTC),
    )
    further = "" if rendered.lang == newsletter.first_language else rendered.lang
    out = out or newsletter.root / "rendered" / folder.name / further
    out.mkdir(parents=True, exist_ok=True)
    columns = message.columns(SAMPLE_READER)
    for name, data in (
        ("issue.html", rendered.page(columns).encode()),
        ("issue.txt", rendered.text.filled(columns).encode()),
        ("issue.eml", message.fill(SAMPLE_READER)),
    ):
        files.write_atomically(out / name, data)
        output.echo(shown(out / name))
    output.echo("Next: 'briefing check' looks for mistakes; 'briefing send' mails the issue.")
