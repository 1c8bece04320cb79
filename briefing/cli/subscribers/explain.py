"""briefing subscribers explain: say why an email came back, and which readers it was sent to."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import decorators, output

if TYPE_CHECKING:
    from briefing.bounces.kinds import Explanation

EXAMPLES = """\
briefing subscribers explain returned.eml
briefing subscribers explain --json returned.eml
find Maildir/new -type f | briefing subscribers explain --batch
"""

_MEANINGS = {
    "dead": "{} no longer exists",
    "full": "the mailbox of {} is full",
    "refused": "the server of {} refused the email",
    "temporary": "{} couldn't be reached this time",
    "complaint": "{} reported the email as spam",
    "automatic": "an automatic reply; no email was returned",
    "none": "an ordinary email; no email was returned",
    "other": "a report about {} that calls for no action",
}
"""What to tell the editor, by the kind; `{}` stands for the reader."""


@decorators.command("explain", examples=EXAMPLES)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=Path)
@click.option(
    "--batch",
    is_flag=True,
    help="Read the paths of files from standard input; print a line of JSON for each.",
)
@decorators.json_option
def explain(files: tuple[Path, ...], batch: bool, as_json: bool) -> None:
    """Say why an email came back, and which readers it was sent to.

    A FILE is an email as your mail app saves it (.eml). The first word of each
    line (after the file's name, if you give several) says what happened: dead
    (the address doesn't exist), full (the mailbox is full), refused (your email
    wasn't accepted, for a reason that has nothing to do with the reader),
    temporary (a fault that will pass), complaint (the reader reported the email
    as spam), automatic (an automatic reply), none (an ordinary email) or other
    (a report that calls for no action, or gives no reason). Nothing is recorded:
    'subscribers remove' does that.
    """
    if batch == bool(files):
        raise click.UsageError("give files or use --batch, but not both")
    if batch:
        _explain_batch()
        return
    explained = [(file, _explain(file)) for file in files]
    if as_json:
        values = [_as_json(each, file) for file, each in explained]
        output.print_json(values[0] if len(values) == 1 else values)
        return
    for file, explanation in explained:
        for line in _lines(explanation, file if len(files) > 1 else None):
            output.echo(line)


def _explain_batch() -> None:
    for line in sys.stdin:
        file = Path(line.rstrip("\r\n"))
        output.print_json(_as_json(_explain(file), file), on_one_line=True)


def _explain(file: Path) -> "Explanation":
    from briefing.bounces.explaining import explain_in_child
    from briefing.errors import FileError
    from briefing.storage import files

    try:
        data = files.read(file)
    except FileNotFoundError:
        raise FileError(
            file,
            "there is no such file; save the returned email as a file, and give its path",
        ) from None
    except OSError as error:
        raise FileError(
            file, f"can't be read: {error.strerror or error}"
        ) from None
    return explain_in_child(data)


def _lines(explanation: "Explanation", file: Path | None) -> Iterator[str]:
    """Yield a line for each recipient that an email names, or a single line if it names none."""
    start = f"{file.name}: " if file else ""
    if not explanation.recipients:
        kind = explanation.kind
        yield f"{start}{kind}: {_MEANINGS[kind].format('an unnamed address')}"
    for recipient in explanation.recipients:
        kind = recipient.kind
        reader = recipient.address or "an unnamed address"
        status = f" ({recipient.status})" if recipient.status else ""
        yield f"{start}{kind}: {_MEANINGS[kind].format(reader)}{status}"


def _as_json(explanation: "Explanation", file: Path) -> dict[str, object]:
    return {
        "file": str(file),
        "class": explanation.kind,
        "recipients": [
            {
                "address": recipient.address,
                "class": recipient.kind,
                "status": recipient.status,
            }
            for recipient in explanation.recipients
        ],
        "tokens": explanation.tokens,
    }
