"""Measure how long an editor waits for a check: an issue of 15 items with photos.

    python benchmarks/checking.py [--rounds R]

Each run is the public command in a process of its own. The first one prepares the photos, later
ones find them in `.briefing/photos`.
"""

import re
import tempfile
from pathlib import Path
from statistics import median

from PIL import Image

from benchmarks import newsletter
from benchmarks.running import (
    argument_parser,
    print_table,
    print_targets,
    run,
    spread,
    verdict,
)

COMMANDS = (("check",), ("send", "--dry-run"))
ROUNDS = 9
LIMIT = 0.4
"""Seconds of CPU."""
SIZE = (1104, 736)
"""Pixels of a photo, as `collect` saves them."""


def add_photos(folder: Path, items: int = newsletter.ITEMS) -> None:
    """Give the first items of the newsletter's issue a photo each."""
    issue = folder / "issues" / newsletter.ISSUE
    text = (issue / "issue.md").read_text("utf-8")
    for number in range(1, items + 1):
        _photo().save(issue / f"photo-{number}.jpg", quality=85)
        link = f"link: https://www.example.com/ruling-{number}\n"
        lines = f"image: photo-{number}.jpg\nalt: The court, picture {number}\nphoto: Example Watch\n"
        text = re.sub(re.escape(link), link + lines, text)
    (issue / "issue.md").write_text(text, "utf-8")


def _photo() -> Image.Image:
    """Return a picture of blurred spots, which compresses about as well as a photo."""
    bands = []
    for size in ((24, 16), (36, 24), (12, 8)):
        spots = Image.effect_noise(size, 80)
        bands.append(spots.resize(SIZE, Image.Resampling.BICUBIC))
    return Image.merge("RGB", bands)


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    rows, targets = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = newsletter.create(Path(name) / "brief", readers=300, port=25)
        add_photos(folder)
        for command in COMMANDS:
            cpu = [
                run([*newsletter.BRIEFING, *command], folder).cpu
                for _ in range(rounds + 1)
            ]
            title = f"briefing {' '.join(command)}"
            rows.append([title, f"{cpu[0]:.2f}", spread(cpu[1:])])
            targets.append(verdict(title, median(cpu[1:]), LIMIT, at_most=True))
    print(
        f"An issue of {newsletter.ITEMS} items with photos, CPU seconds of {rounds} runs.\n"
    )
    print_table(["command", "first", "median (and spread)"], rows)
    print_targets(targets)


if __name__ == "__main__":
    main()
