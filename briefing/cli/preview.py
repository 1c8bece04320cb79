"""briefing preview: show an issue in the browser while it is being written."""

from pathlib import Path

import click

from briefing.cli import decorators, output, prompts
from briefing.newsletter import Newsletter

EXAMPLES = """\
briefing preview
briefing preview 2020-10-09
briefing preview issues/2020-10-09/issue.md --port 8000 --no-open
"""


@decorators.command("preview", examples=EXAMPLES)
@decorators.issue_argument
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="The page's port (default: any free port).",
)
@click.option("--no-open", is_flag=True, help="Don't open the browser.")
@click.pass_obj
def command(
    directory: Path, issue: str | None, port: int, no_open: bool
) -> None:
    """Show an issue in the browser, as mail and as text, while you write it.

    The page reloads when you save the issue, its photos, the templates or briefing.toml, and shows
    errors with their line. Only this computer can open it: the printed address contains a key.
    Press Ctrl-C to stop.
    """
    import contextlib

    from briefing.issue import store
    from briefing.preview.server import PreviewServer

    newsletter = Newsletter.find(directory)
    folder = store.find(newsletter, issue)
    server = PreviewServer(newsletter, folder, port=port, report=output.warn)
    with contextlib.suppress(KeyboardInterrupt), server:
        output.echo(f"Preview of {folder.name}: {server.address}")
        output.echo("The page reloads whenever you save. Press Ctrl-C to stop.")
        if prompts.is_interactive() and not no_open:
            _open_browser(server.write_opening_page())
        server.serve()
    if prompts.is_interactive():
        output.echo()  # below the ^C


def _open_browser(page: Path) -> None:
    """Open a page in the browser in a thread, because one that runs in the terminal returns only when it is
    closed.
    """
    import threading
    import webbrowser

    browser = threading.Thread(
        target=webbrowser.open, args=(page.as_uri(),), daemon=True
    )
    browser.start()
