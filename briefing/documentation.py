"""The documentation, which comes with the package: its pages as Markdown, and as HTML for a browser."""

import html
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from briefing.storage import files

FIRST_PAGE = "README"
CHANGES = "CHANGELOG"
IMAGES = "images"


def page_paths() -> dict[str, Path]:
    """Return the pages by name, such as `sending`: the README, then the pages in the order of its links."""
    package = Path(__file__).parent
    folder = root = package / "docs"  # in a wheel
    if not folder.is_dir():  # in a checkout
        root = package.parent
        folder = root / "docs"
    pages = {FIRST_PAGE: root / "README.md", CHANGES: root / "CHANGELOG.md"}
    for path in folder.glob("*.md"):
        pages.setdefault(path.stem, path)
    readme = pages[FIRST_PAGE].read_text("utf-8")
    order = sorted(pages, key=lambda name: readme.find(f"{name}.md)"))
    return {name: pages[name] for name in order}


def read_page(name: str) -> str:
    """Return the Markdown of a page of `page_paths`."""
    return page_paths()[name].read_text("utf-8")


def write_pages(folder: Path) -> dict[str, Path]:
    """Write all pages as HTML files that need no network into a folder; return their paths by name."""
    paths = page_paths()
    titles = {
        name: _title(path.read_text("utf-8")) for name, path in paths.items()
    }
    files.make_folder(folder / IMAGES)
    written: dict[str, Path] = {}
    for name, path in paths.items():
        written[name] = folder / f"{name}.html"
        page = render_page(name, path.read_text("utf-8"), titles)
        files.write_atomically(written[name], page.encode())
    for image in (paths["sending"].parent / IMAGES).iterdir():
        files.write_atomically(folder / IMAGES / image.name, image.read_bytes())
    return written


def render_page(
    name: str,
    markdown: str,
    titles: Mapping[str, str],
) -> str:
    """Return a page as HTML, below links to all pages by their `titles`."""
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(markdown)
    _prepare(tokens)
    body = parser.renderer.render(tokens, parser.options, {})
    body = body.replace("<table>", '<div class="table"><table>')
    body = body.replace("</table>", "</table></div>")
    style = Path(__file__).with_suffix(".css").read_text("utf-8")
    links = [_link(other, title, name) for other, title in titles.items()]
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(titles[name])}</title>\n<style>{style}</style>\n"
        f"<nav>{' '.join(links)}</nav>\n<main>\n{body}</main>\n</html>\n"
    )


def _link(name: str, title: str, current: str) -> str:
    here = ' aria-current="page"' if name == current else ""
    return f'<a href="{name}.html"{here}>{html.escape(title)}</a>'


def _title(markdown: str) -> str:
    return markdown.partition("\n")[0].removeprefix("# ")


def _prepare(tokens: list[Token]) -> None:
    """Give headings their anchors, and let links and pictures lead to the written files."""
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _anchor(tokens[position + 1].content))
        for child in token.children or ():
            _redirect(child, "href")
            _redirect(child, "src")


def _anchor(heading: str) -> str:
    """Return the anchor of a heading, as GitHub makes it."""
    words = re.sub(r"[^\w\- ]", "", heading.lower())
    return words.replace(" ", "-")


def _redirect(token: Token, attribute: str) -> None:
    target: Any = token.attrGet(attribute)
    if not target or re.match(r"[a-z]+:|#", target):
        return
    path, mark, anchor = target.partition("#")
    file = PurePosixPath(path)
    if file.suffix == ".md":
        token.attrSet(attribute, f"{file.stem}.html{mark}{anchor}")
    elif file.parent.name == IMAGES:
        token.attrSet(attribute, f"{IMAGES}/{file.name}")
