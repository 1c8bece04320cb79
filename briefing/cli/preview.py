"""briefing preview: write an issue in the browser, and see its email."""

from pathlib import Path

import click

from briefing.newsletter import Newsletter

from . import decorators, output, prompts

EXAMPLES = """\
briefing preview
briefing preview 2020-10-09
briefing preview 2020-10-09 --read-only
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
@click.option(
    "--read-only", is_flag=True, help="Show the issue without changing it."
)
@decorators.pass_newsletter
def command(
    newsletter: Newsletter,
    issue: str | None,
    port: int,
    no_open: bool,
    read_only: bool,
) -> None:
    """Edit an issue in the browser, next to the email that readers will get.

    What you type is saved to the issue's file within two seconds, and the page is updated when you
    or others change the file, its photos, the templates or briefing.toml. Everything can be undone.
    Only this computer can open the page: the printed address contains a secret. Press Ctrl-C to
    stop.
    """
    import contextlib
    import gc

    from briefing import imports
    from briefing.issue import store

    with imports.gc_paused():
        from briefing.preview.server import PreviewServer

    gc.set_threshold(50_000)  # unlike a command's, its memory must not grow
    folder = None
    if issue or store.ids(newsletter):
        folder = store.find(newsletter, issue)
    server = PreviewServer(
        newsletter,
        folder,
        port=port,
        report=output.warn,
        is_read_only=read_only,
    )
    with contextlib.suppress(KeyboardInterrupt), server:
        name = folder.name if folder else "a new issue"
        output.echo(f"Preview of {name}: {server.address}")
        saves = (
            ""
            if read_only
            else "What you type there is saved within two seconds. "
        )
        output.echo(f"{saves}Press Ctrl-C to stop.")
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
