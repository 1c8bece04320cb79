"""briefing docs: open the documentation, which comes with the program."""

import os
import sys
from pathlib import Path

import click

from briefing.errors import NotFoundError, display_path
from briefing.newsletter import Newsletter

from . import decorators, output, prompts

EXAMPLES = """\
briefing docs
briefing docs sending                in the browser
briefing docs sending --print        in the terminal
"""


@decorators.command("docs", examples=EXAMPLES)
@click.argument("page", required=False, metavar="[PAGE]")
@click.option(
    "--print",
    "in_terminal",
    is_flag=True,
    help="Show the page in the terminal instead.",
)
@click.pass_obj
def command(directory: Path, page: str | None, in_terminal: bool) -> None:
    """Open the documentation in the browser.

    It is part of briefing, so it works offline. PAGE is one of its pages; an unknown one lists them.
    Without a browser, the page is shown in the terminal; a script gets its path.
    """
    from briefing import documentation

    name = page or documentation.FIRST_PAGE
    names = list(documentation.page_paths())
    if name not in names:
        raise NotFoundError(
            f"there is no such page; use one of {', '.join(names)}"
        )
    if in_terminal:
        _show(documentation.read_page(name))
        return
    path = documentation.write_pages(_folder(directory))[name]
    if not prompts.is_interactive():
        output.echo(display_path(path))
    elif _open_browser(path):
        output.echo(f"Opened {display_path(path)} in your browser.")
        output.echo("'briefing docs --print' shows it in the terminal instead.")
    else:
        _show(documentation.read_page(name))


def _folder(directory: Path) -> Path:
    """Return where the pages are written: browsers in a sandbox, as Ubuntu's, can't open hidden folders, so
    it is in the newsletter if there is one.
    """
    try:
        newsletter = Newsletter.find(directory)
    except NotFoundError:
        return _cache() / "briefing" / "docs"
    return newsletter.root / "rendered" / "docs"


def _cache() -> Path:
    """Return the folder for what a program can write again (XDG Base Directory Specification)."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _open_browser(path: Path) -> bool:
    """Whether there is a browser with windows of its own, and it was started."""
    import webbrowser

    has_screen = sys.platform == "darwin" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    return has_screen and webbrowser.open(path.absolute().as_uri())


def _show(markdown: str) -> None:
    click.echo_via_pager(markdown.removesuffix("\n"))
