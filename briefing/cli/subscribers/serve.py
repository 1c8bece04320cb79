"""briefing subscribers serve: the server where readers leave, join and choose their language."""

import click

from briefing.cli import decorators, output
from briefing.newsletter import Newsletter

EXAMPLES = """\
briefing subscribers serve
briefing subscribers serve --check
briefing subscribers serve --port 9000
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
    only_check: bool,
) -> None:
    """Run the server where readers leave, join and choose their language.

    It belongs on a computer of its own that is always on, in a folder with a
    copy of briefing.toml and nothing else: never where the list is. What readers
    ask for waits there, encrypted, until you fetch it with 'briefing subscribers
    sync'. Nothing is logged about them. 'briefing docs joining' explains how to set
    it up.
    """
    import contextlib
    import dataclasses
    import gc

    from briefing.configuration.gone_settings import GONE
    from briefing.joining import requirements, server

    gc.set_threshold(50_000)  # unlike a command's, its memory must not grow
    gone: list[str] = []
    # A setting that an earlier version had must not keep readers from leaving.
    newsletter = dataclasses.replace(
        newsletter, report_gone=lambda error: gone.append(str(error))
    )
    requirements.refuse_home(newsletter)
    missing = [*requirements.missing(newsletter)]
    for line in gone:
        output.warn(line)
    for line in missing:
        output.error(line)
    if missing:
        output.fail("the server can't start yet")
    if only_check:
        output.echo("Everything is set up; the server can start.")
        return
    joining = newsletter.settings.joining
    # Not everyone could join with it: the form stays off until someone decides.
    had_mode = any(line.endswith(GONE["joining.mode"]) for line in gone)
    has_form = joining.form and not had_mode
    with (
        contextlib.suppress(KeyboardInterrupt),
        server.opened(
            newsletter, output.warn, has_form=has_form
        ) as application,
        server.listen(host, port) as listener,
    ):
        output.echo(
            f"Serving {joining.url} at http://{host}:{listener.getsockname()[1]}. Press Ctrl-C to stop."
        )
        server.serve(application, listener)
