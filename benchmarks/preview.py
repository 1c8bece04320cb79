"""Measure how soon the preview shows what an editor does: an issue of 15 items, five with photos.

    python benchmarks/preview.py [--rounds R] [--starts S]

In a Chromium that is already open: from a key pressed in the page to the new picture of the email,
from a file saved elsewhere to the same, and from the command to a page that can be used. A picture
counts when the browser has painted it. The parts are measured where they happen; those of the
program, again, in this process.
"""

import datetime as dt
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from benchmarks import newsletter
from benchmarks.checking import add_photos
from benchmarks.running import (
    argument_parser,
    print_table,
    print_targets,
    verdict,
)
from briefing.checks.check import check_and_render
from briefing.issue import store
from briefing.newsletter import Newsletter
from briefing.rendering.edition import render

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROUNDS, STARTS = 50, 10
PHOTOS = 5
CHROMIUMS = ("chromium", "google-chrome", "chromium-headless-shell")
"""The last one has no windows, and starts a page sooner."""
MEDIAN, SLOWEST, START = 300, 500, 1000
"""Milliseconds: the targets for a new picture (median and 95th percentile) and for a start."""

PARTS = {
    "until the page knows": ("begun", "noticed"),
    "until it has the email": ("noticed", "followed"),
    "painting": ("followed", "painted"),
}
"""The parts of the time from a change to its picture, each between two moments."""

_Seen = Sequence[Mapping[str, float]]
"""When what happened after each of some changes, in milliseconds."""

WATCH = """
async (text) => {
  const view = document.querySelector("iframe.mail");
  const shown = () => view.contentDocument.body.textContent.includes(text);
  const now = () => performance.timeOrigin + performance.now();
  window.seen = {};
  for (const [type, name] of [["keydown", "pressed"], ["saved", "saved"], ["changed", "noticed"]]) {
    document.addEventListener(type, () => { window.seen[name] ??= now(); }, { capture: true, once: true });
  }
  window.painted = new Promise((resolve) => {
    document.addEventListener("followed", function followed() {
      if (!shown()) return;
      document.removeEventListener("followed", followed);
      window.seen.followed = now();
      // It may ask for something else at this moment, and get the email of now.
      window.seen.noticed ??= window.seen.followed;
      requestAnimationFrame(() => setTimeout(() => { window.seen.painted = now(); resolve(window.seen); }));
    });
  });
}
"""
"""Notes when the page hears of a change, when the email has the text, and when that is painted."""

USABLE = """
() => new Promise((resolve) => {
  const look = () => {
    if (!document.querySelector("body:not([inert]) iframe.mail[data-ready]")) return setTimeout(look, 5);
    requestAnimationFrame(() => setTimeout(() => resolve(performance.timeOrigin + performance.now())));
  };
  look();
})
"""


@contextmanager
def preview(folder: Path) -> Iterator[tuple[str, float]]:
    """Run the command; yield the page's address, and when the command was started."""
    started = time.time() * 1000
    process = subprocess.Popen(  # noqa: S603  # ours
        [*newsletter.BRIEFING, "preview", "--no-open"],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        found = re.search(r"http\S+", process.stdout.readline())
        assert found
        yield found[0], started
    finally:
        process.terminate()
        process.communicate()


def starts(browser: "Browser", folder: Path, rounds: int) -> list[float]:
    """Return how many milliseconds passed from the command to a usable page."""
    times = []
    for _ in range(rounds):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        with preview(folder) as (address, started):
            page.goto(address, wait_until="commit")
            times.append(page.evaluate(USABLE) - started)
        page.close()
    return times


def saves(page: "Page", issue: Path, rounds: int) -> _Seen:
    """Save the issue in another program, and return when what happened."""
    text = issue.read_text("utf-8")
    seen = []
    for number in range(rounds):
        word = f"saved{number}"
        changed = text.replace("Observers", f"{word} Observers", 1)
        page.evaluate(WATCH, word)
        begun = time.time() * 1000
        issue.write_text(changed, "utf-8")
        seen.append({"begun": begun, **page.evaluate("window.painted")})
    issue.write_text(text, "utf-8")
    return seen


def keys(page: "Page", rounds: int) -> _Seen:
    """Type letters into the text of an item, and return when what happened."""
    page.locator(".card .open").first.click()
    field = page.locator("textarea[data-field=text]")
    field.click()
    page.keyboard.press("Control+Home")
    typed = ""
    seen = []
    for number in range(rounds):
        letter = "abcdefghij"[number % 10]
        typed += letter
        page.evaluate(WATCH, typed)
        page.keyboard.press(letter)
        times = page.evaluate("window.painted")
        seen.append({"begun": times["pressed"], **times})
    return seen


def _between(seen: _Seen, start: str, end: str) -> list[float]:
    return [times[end] - times[start] for times in seen]


def inside(folder: Path, rounds: int) -> dict[str, Sequence[float]]:
    """Measure what the program does for a picture, in this process: reading, rendering, checking."""
    issue = folder / "issues" / newsletter.ISSUE / "issue.md"
    text = issue.read_text("utf-8")
    found = []
    for number in range(rounds):
        changed = text.replace("Observers", f"{number} Observers", 1)
        issue.write_text(changed, "utf-8")
        found.append(_one_picture(Newsletter(folder), issue.parent))
    issue.write_text(text, "utf-8")
    names = ("in the program: reading", "rendering", "checking")
    return dict(zip(names, zip(*found, strict=True), strict=True))


def _one_picture(opened: Newsletter, place: Path) -> tuple[float, ...]:
    """Return how many milliseconds each part takes."""
    moments = [time.perf_counter()]
    (edition,) = store.drafts(opened, place)
    moments.append(time.perf_counter())
    rendered = render(opened, edition)
    moments.append(time.perf_counter())
    check_and_render(
        opened, place, dt.date(2020, 10, 9), render=lambda *_: rendered
    )
    moments.append(time.perf_counter())
    return tuple((end - start) * 1000 for start, end in pairwise(moments))


def _row(name: str, times: Sequence[float]) -> list[str]:
    figures = (median(times), _slowest(times), min(times), max(times))
    return [name, *(f"{figure:.0f}" for figure in figures)]


def _slowest(times: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(times, n=20)[-1]


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--starts", type=int, default=STARTS)
    options = parser.parse_args()
    found = map(shutil.which, CHROMIUMS)
    chromium = next(filter(None, found), None)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as program:
        folder = newsletter.create(Path(name) / "brief", readers=300, port=25)
        add_photos(folder, PHOTOS)
        issue = folder / "issues" / newsletter.ISSUE / "issue.md"
        browser = program.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"]
        )
        started = starts(browser, folder, options.starts + 1)
        with preview(folder) as (address, _):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address)
            page.evaluate(USABLE)
            saved = saves(page, issue, options.rounds)
            pressed = keys(page, options.rounds)
        browser.close()
        program_parts = inside(folder, options.rounds)
    changes = {
        "key pressed to picture": pressed,
        "file saved to picture": saved,
    }
    _print(started, changes, program_parts)


def _print(
    started: Sequence[float],
    changes: Mapping[str, _Seen],
    program_parts: Mapping[str, Sequence[float]],
) -> None:
    first, *later = started
    rows = [_row("command to page (photos known)", later)]
    targets = []
    for title, seen in changes.items():
        times = _between(seen, "begun", "painted")
        rows.append(_row(title, times))
        for name, moments in PARTS.items():
            rows.append(_row(f"  {name}", _between(seen, *moments)))
        targets.append(_target(f"{title}, median", median(times), MEDIAN))
        targets.append(_target(f"{title}, 95 %", _slowest(times), SLOWEST))
    rows += [_row(name, times) for name, times in program_parts.items()]
    targets.append(_target("command to page", median(later), START))
    print(
        f"An issue of {newsletter.ITEMS} items, {PHOTOS} with photos; milliseconds. "
        f"First start, which prepares the photos: {first:.0f}.\n"
    )
    print_table(["", "median", "95 %", "least", "most"], rows)
    print_targets(targets)


def _target(title: str, measured: float, limit: float) -> list[str]:
    return verdict(title, measured, limit, at_most=True, unit=" ms")


if __name__ == "__main__":
    main()
