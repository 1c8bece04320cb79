"""A server for the tests of collect, and the pages, photos and feeds on it."""

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from click.testing import Result
from PIL import Image

from briefing.issue import store
from briefing.issue.model import Item
from briefing.network.fetch_guard import Guard

HEADLINE = "Court in Far Valley opens its files to families"
SENTENCE = "The court in Far Valley opened its files to the families of the missing on Thursday morning."
TEXT = (
    SENTENCE,
    "Families had waited for nine years, and many of them came with photographs of those whom they look for.",
    "The Far Valley Rights Network, which had asked for it since 2011, called the decision a first step for all.",
    "A clerk said that the files fill two rooms, and that copying all of them will take until the end of the year.",
)
ALT = "Families wait in front of the court"


def page(
    headline: str = HEADLINE,
    *,
    text: tuple[str, ...] = TEXT,
    figure: str = "",
    head: str = "",
    lang: str = "en",
    site: str = "Harbour Post",
) -> bytes:
    """An article as a paper shows it."""
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in text)
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{headline} | {site}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{headline}">
<meta property="og:site_name" content="{site}">
<meta property="article:published_time" content="2020-10-08T09:00:00+02:00">{head}</head><body>
<article><h1>{headline}</h1>{figure}<div class="story">{paragraphs}</div></article></body></html>""".encode()


def photo_of(
    web: "Web", credit: str = "<figcaption>Photo: Jo Doe</figcaption>"
) -> str:
    return f'<figure><img src="{web.url("photo.jpg")}" width="1200" height="800" alt="{ALT}">{credit}</figure>'


def head_of(web: "Web") -> str:
    return f'<meta property="og:image" content="{web.url("photo.jpg")}">'


def jpeg(width: int = 450, height: int = 300, **options: object) -> bytes:
    """A photo, with the notes of a camera and of an agency in it."""
    file = io.BytesIO()
    _noise(width, height).save(file, "JPEG", **options)
    return file.getvalue()


@cache
def _noise(width: int, height: int) -> Image.Image:
    """A picture that is hard to compress, like a photo."""
    return Image.effect_noise((width, height), 90).convert("RGB")


def iptc(number: int, text: str) -> bytes:
    """The segment of a JPEG with one field of IPTC's record 2."""
    value = text.encode()
    block = (
        b"\x1c\x02" + bytes([number]) + len(value).to_bytes(2, "big") + value
    )
    block += b"\0" * (len(block) % 2)
    resource = (
        b"Photoshop 3.0\x008BIM\x04\x04\0\0"
        + len(block).to_bytes(4, "big")
        + block
    )
    return b"\xff\xed" + (len(resource) + 2).to_bytes(2, "big") + resource


def with_segment(photo: bytes, segment: bytes) -> bytes:
    return photo[:2] + segment + photo[2:]


@dataclass
class Web:
    """Sites on this computer: what is at each path, and what was requested."""

    port: int
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(
        default_factory=dict
    )
    asked: list[str] = field(default_factory=list)
    waiting: threading.Barrier | None = None
    """Where all requests wait for one another."""

    def url(self, path: str, host: str = "www.example.org") -> str:
        return f"http://{host}:{self.port}/{path}"

    def has(
        self, path: str, body: bytes = b"", status: int = 200, **headers: str
    ) -> str:
        """Put something at a path; its address."""
        kinds = {"jpg": "image/jpeg", "xml": "application/rss+xml"}
        fields = {
            "Content-Type": kinds.get(
                path.rpartition(".")[2], "text/html; charset=utf-8"
            )
        }
        fields |= {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        self.answers[f"/{path}"] = (status, fields, body)
        return self.url(path)


def guards(
    monkeypatch: pytest.MonkeyPatch,
    port: int,
    resolve: Callable[[str, int], list[str]] = lambda *_: ["127.0.0.1"],
    seconds: float = 10,
) -> None:
    """Let every guard admit a port of this computer, whoever makes it."""
    monkeypatch.setattr(
        "briefing.cli.collect.make_guard",
        lambda proxy: Guard(resolve, port, seconds, proxy),
    )


def items(path: Path) -> list[Item]:
    return list(store.load(path, "en").issue.items)


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def settings(weekly: Path, line: str) -> None:
    """The newsletter with a line more below [collect]."""
    path = weekly / "briefing.toml"
    path.write_text(
        path.read_text("utf-8").replace("[collect]\n", f"[collect]\n{line}\n"),
        "utf-8",
    )


def saved(weekly: Path, data: bytes) -> str:
    (weekly / "saved.html").write_bytes(data)
    return "saved.html"


ADDRESS = "https://www.example.org/news/files?utm_source=mail"


def rss(*entries: tuple[str, str], title: str = "Harbour Post") -> bytes:
    each = "".join(
        f"<item><title>{name}</title><link>{link}</link></item>"
        for name, link in entries
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{each}</channel></rss>".encode()


def assert_one_line(result: Result, *words: str) -> None:
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    for word in words:
        assert word in result.stderr
