"""briefing subscribers serve: the server where readers leave, join and change their data."""

from pathlib import Path

import click

from briefing.cli import decorators, output
from briefing.newsletter import Newsletter

EXAMPLES = """\
briefing subscribers serve
briefing subscribers serve --check
briefing subscribers serve --port 9000
briefing subscribers serve --unix-socket /run/briefing/join.sock
"""


@decorators.command("serve", examples=EXAMPLES)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="The address to listen on, for the web server in front of it.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    metavar="N",
    help="The port (0: any free one).",
)
@click.option(
    "--unix-socket",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Listen on a Unix socket instead.",
)
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Only list what the server still needs; don't start it.",
)
@decorators.pass_newsletter
def serve(
    newsletter: Newsletter,
    host: str,
    port: int,
    unix_socket: Path | None,
    only_check: bool,
) -> None:
    """Run the server where readers leave, join and change their data.

    It belongs on a computer of its own that is always on, in a folder with a
    copy of briefing.toml and nothing else: never where the list is. What readers
    ask for waits there, encrypted, until you fetch it with 'briefing subscribers
    sync'. Nothing is logged about them. 'briefing docs joining' explains how to set
    it up.
    """
    import contextlib
    import gc

    from briefing.joining import requirements, server

    gc.set_threshold(50_000)  # unlike a command's, its memory must not grow
    requirements.refuse_home(newsletter)
    missing = requirements.missing(newsletter)
    for line in missing:
        output.error(line)
    if missing:
        output.fail("the server can't start yet")
    if only_check:
        output.echo("Everything is set up; the server can start.")
        return
    with (
        contextlib.suppress(KeyboardInterrupt),
        server.opened(newsletter, output.warn) as application,
        server.listen(host, port, unix_socket) as listener,
    ):
        place = unix_socket or f"http://{host}:{listener.getsockname()[1]}"
        output.echo(
            f"Serving {newsletter.settings.joining.url} at {place}. Press Ctrl-C to stop."
        )
        server.serve(application, listener)
