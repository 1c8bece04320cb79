"""briefing preview: an issue in the browser while it is written."""

from pathlib import Path

import click

from briefing.cli import command as shared
from briefing.newsletter import Newsletter

EXAMPLES = """\
briefing preview
briefing preview 2020-10-09
briefing preview issues/2020-10-09/issue.md --port 8000 --no-open
"""


@shared.command("preview", examples=EXAMPLES)
@shared.issue_argument
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="The port of the page; a free one otherwise."
)
@click.option("--no-open", is_flag=True, help="Don't open the browser.")
@click.pass_obj
def command(directory: Path, issue: str | None, port: int, no_open: bool) -> None:
    """Show an issue in the browser, as mail and as text, while you write it.

    The page follows every save of the issue, its photos, the templates and briefing.toml, and shows a mistake with its
    line. It is for this computer alone: the address that is printed holds a key. Ctrl-C ends it.
    """
    import contextlib
    import threading
    import webbrowser

    from briefing.issue import store
    from briefing.preview.server import PreviewServer

    newsletter = Newsletter.find(directory)
    folder = store.find(newsletter, issue)
    server = PreviewServer(newsletter, folder, port=port, report=shared.warn)
    with contextlib.suppress(KeyboardInterrupt), server:
        shared.say(f"{folder.name} is shown at {server.address}")
        shared.say("The page follows every save. Ctrl-C ends it.")
        if shared.terminal() and not no_open:
            # In a thread: where the browser is one for the terminal, it comes back only when it is closed.
            threading.Thread(target=webbrowser.open, args=(server.address_for_once(),), daemon=True).start()
        server.serve()
    if shared.terminal():
        shared.say()  # below the ^C
