"""How quickly pages are understood: in one process, beside parsing them alone, and one page as a process of its own.

    python benchmarks/collecting.py [FOLDER]

FOLDER holds saved pages (*.html); without it pages of invented words are made. Limits: 15 pages a second, 1.0 s.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lxml import html

from briefing.collecting.web.article import read_article
from briefing.collecting.web.page import Page

PAGES = 300
ROUNDS = 3
ADDRESS = "https://www.example.org/news/2020/10/08/a-ruling"
SENTENCE = "The court in Far Valley opened its files to the families of the missing on Thursday morning. "
MENU = "".join(f'<li><a href="/part/{n}">Part {n} of the site</a></li>' for n in range(150))
ASIDE = "".join(f'<div class="teaser"><h3>Another story {n}</h3><p>{SENTENCE}</p></div>' for n in range(60))
PAGE = """<!doctype html><html lang="en"><head><title>{title} | Harbour Post</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="Harbour Post">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}",
"datePublished": "2020-10-08T09:00:00+02:00"}}</script></head><body><nav><ul>{menu}</ul></nav>
<main><article><h1>{title}</h1><figure><img src="/photo.jpg" width="1200" height="800" alt="The court">
<figcaption>The court. Photo: Jo Doe</figcaption></figure>{text}</article></main><aside>{aside}</aside></body></html>"""


def pages(folder: Path | None) -> list[bytes]:
    if folder:
        return [path.read_bytes() for path in sorted(folder.rglob("*.html"))]
    text = "".join(f"<p>{SENTENCE * 3}</p>" for _ in range(25))
    made = (PAGE.format(title=f"Court opens file {n}", menu=MENU, text=text, aside=ASIDE) for n in range(PAGES))
    return [page.encode() for page in made]


def a_second(work: Callable[[bytes], object], saved: list[bytes]) -> float:
    """The best of some rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for page in saved:
            work(page)
        best = max(best, len(saved) / (time.perf_counter() - began))
    return best


def as_a_process(page: bytes) -> float:
    """Seconds of `briefing collect --page`, Python's start included; the best of some rounds."""
    with tempfile.TemporaryDirectory() as folder:
        briefing = [sys.executable, "-m", "briefing"]
        subprocess.run([*briefing, "init", folder], stdin=subprocess.DEVNULL, capture_output=True, check=True)  # noqa: S603  # ours
        saved = Path(folder, "saved.html")
        saved.write_bytes(page)
        command = [*briefing, "-C", folder, "collect", "--dry-run", "--json", "--page", str(saved), ADDRESS]
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            subprocess.run(command, capture_output=True, check=True)  # noqa: S603  # ours
            times.append(time.perf_counter() - began)
        return min(times)


def main() -> None:
    saved = pages(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    parsed = a_second(html.document_fromstring, saved)
    understood = a_second(lambda page: read_article(Page.read(page, ADDRESS), names={}), saved)
    print(f"{len(saved)} pages of {sum(map(len, saved)) / len(saved) / 1024:,.0f} KB, the best of {ROUNDS} rounds")
    print(f"parsed alone (lxml)      {parsed:7,.0f} a second")
    print(f"understood               {understood:7,.0f} a second, 1 in {parsed / understood:,.0f}; wanted: 15")
    print(f"one page as a process    {as_a_process(saved[len(saved) // 2]):7.2f} s; wanted: 1.0 at most")


if __name__ == "__main__":
    main()
