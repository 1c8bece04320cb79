"""Measure how fast pages are read: many in one process, compared with parsing alone, and one in its
own process.

    python benchmarks/collecting.py [FOLDER]

Required: 15 pages a second, at most 10 % more time in a child process, and at most 1.0 s for the
process. Each figure is the median of several rounds.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from lxml import html

from benchmarks.newsletter import BRIEFING
from briefing.collecting.web.understanding import understand_page
from briefing.sandbox.limited import end_children, run_limited

PAGES = 300
ROUNDS = 5
ADDRESS = "https://www.example.org/news/2020/10/08/a-ruling"
SENTENCE = "The court in Far Valley opened its files to the families of the missing on Thursday morning. "
MENU = "".join(
    f'<li><a href="/part/{n}">Part {n} of the site</a></li>' for n in range(150)
)
ASIDE = "".join(
    f'<div class="teaser"><h3>Another story {n}</h3><p>{SENTENCE}</p></div>'
    for n in range(60)
)
PAGE = """<!doctype html><html lang="en"><head><title>{title} | Harbour Post</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="Harbour Post">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}",
"datePublished": "2020-10-08T09:00:00+02:00"}}</script></head><body><nav><ul>{menu}</ul></nav>
<main><article><h1>{title}</h1><figure><img src="/photo.jpg" width="1200" height="800" alt="The court">
<figcaption>The court. Photo: Jo Doe</figcaption></figure>{text}</article></main><aside>{aside}</aside></body></html>"""


def load_pages(folder: Path | None) -> list[bytes]:
    """Return saved pages, or made-up ones."""
    if folder:
        return [path.read_bytes() for path in sorted(folder.rglob("*.html"))]
    text = "".join(f"<p>{SENTENCE * 3}</p>" for _ in range(25))
    made = (
        PAGE.format(
            title=f"Court opens file {n}", menu=MENU, text=text, aside=ASIDE
        )
        for n in range(PAGES)
    )
    return [page.encode() for page in made]


def rates(
    works: Sequence[Callable[[bytes], object]], pages: list[bytes]
) -> list[float]:
    """Return pages a second of CPU time for each kind of work, the median of rounds in which they
    take turns.
    """
    rounds: list[list[float]] = []
    for _ in range(ROUNDS):
        rounds.append([_rate(work, pages) for work in works])
    return [statistics.median(kind) for kind in zip(*rounds, strict=True)]


def _rate(work: Callable[[bytes], object], pages: list[bytes]) -> float:
    """Return pages a second of CPU time, without what the first page takes: the start of a child
    process, which imports what this process then doesn't, counts in `process_time`.
    """
    first = _cost(work, pages[:1])
    return (len(pages) - 1) / (_cost(work, pages) - first)


def _cost(work: Callable[[bytes], object], pages: list[bytes]) -> float:
    start = _cpu_time()
    for page in pages:
        work(page)
    end_children()
    return _cpu_time() - start


def _cpu_time() -> float:
    times = os.times()
    return (
        times.user + times.system + times.children_user + times.children_system
    )


def in_child(page: bytes) -> object:
    return run_limited(
        understand_page, page, ADDRESS, "", {}, name="", remedy=""
    )


def here(page: bytes) -> object:
    return understand_page(page, ADDRESS, "", {})


def process_time(page: bytes) -> float:
    """Return the seconds of `briefing collect --page`, including Python's start: the median of
    several rounds.
    """
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(  # noqa: S603  # ours
            [*BRIEFING, "init", folder],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )
        saved = Path(folder, "saved.html")
        saved.write_bytes(page)
        command = [
            *BRIEFING,
            "-C",
            folder,
            "collect",
            "--dry-run",
            "--json",
            "--page",
            str(saved),
            ADDRESS,
        ]
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            subprocess.run(command, capture_output=True, check=True)  # noqa: S603  # ours
            times.append(time.perf_counter() - start)
        return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        help="with saved pages (*.html); by default, made-up pages are used",
    )
    pages = load_pages(parser.parse_args().folder)
    parse = html.document_fromstring
    parsed, read, limited = rates((parse, here, in_child), pages)
    kilobytes = sum(map(len, pages)) / len(pages) / 1024
    seconds = process_time(pages[len(pages) // 2])
    print(
        f"{len(pages)} pages of {kilobytes:,.0f} KB on average, in CPU time, median of {ROUNDS} rounds"
    )
    print(f"only parsed (lxml)       {parsed:7,.0f} a second")
    print(
        f"read                     {read:7,.0f} a second, 1/{parsed / read:,.0f} of that; required: 15"
    )
    print(
        f"read in a child process  {limited:7,.0f} a second, {read / limited - 1:.0%} more time; allowed: 10 %"
    )
    print(f"one page as a process    {seconds:7.2f} s; allowed: 1.0")


if __name__ == "__main__":
    main()
