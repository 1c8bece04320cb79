"""Builds issues to render, in the newsletter of the fixture."""

import io
from functools import cache
from pathlib import Path

from PIL import Image

from briefing.issue import store
from briefing.issue.store import Edition
from briefing.newsletter import Newsletter

ID = "2020-10-09"


def with_settings(newsletter: Newsletter, /, **tables: str) -> Newsletter:
    """Replace settings in tables of briefing.toml, and return the newsletter."""
    path = newsletter.root / "briefing.toml"
    text = path.read_text("utf-8")
    for table, lines in tables.items():
        keys = {line.partition("=")[0].strip() for line in lines.split("\n")}
        head, mark, rest = text.partition(f"[{table}]\n")
        own, bracket, rest = rest.partition("\n[")
        kept = [
            line
            for line in own.split("\n")
            if line.partition("=")[0].strip() not in keys
        ]
        text = f"{head}{mark}{lines}\n" + "\n".join(kept) + bracket + rest
    path.write_text(text, "utf-8")
    return Newsletter(newsletter.root)


def edition(newsletter: Newsletter, text: str, lang: str = "en") -> Edition:
    """Write an issue file, and load it as an edition."""
    path = (
        newsletter.issues
        / ID
        / ("issue.md" if lang == "en" else f"issue.{lang}.md")
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return store.load(path, lang)


def photo(
    path: Path,
    width: int = 1200,
    height: int = 300,
    kind: str = "JPEG",
    noise: int = 60,
) -> Path:
    """Write a photo that is hard to compress."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_noise(path.name, width, height, kind, noise))
    return path


@cache
def _noise(_name: str, width: int, height: int, kind: str, noise: int) -> bytes:
    """A photo of noise, which is slow to make; photos of other names are other ones."""
    bands = [Image.effect_noise((width, height), noise) for _ in range(3)]
    data = io.BytesIO()
    Image.merge("RGB", bands).save(data, kind, quality=95)
    return data.getvalue()


def size(data: bytes) -> tuple[int, int]:
    """Return the pixels of a picture."""
    with Image.open(io.BytesIO(data)) as image:
        return image.size
