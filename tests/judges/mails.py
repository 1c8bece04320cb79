"""The emails that are judged: each sample issue, rendered and encoded as `briefing send` does it.

    python -m tests.judges.mails DIR

writes them as .eml files, for judges outside these tests.
"""

import datetime as dt
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageDraw, ImageOps

from briefing.issue import store
from briefing.keys import Key
from briefing.mail.message import SAMPLE_READER, Message
from briefing.newsletter import Newsletter, package_templates
from briefing.rendering.edition import render
from briefing.rendering.web_page import ARCHIVE

SAMPLES = Path(__file__).with_name("samples")
LOGO = "logo.png"
KEY = Key(b"The same for all who judge them.")
"""Not random, so that the same sample is the same email on every machine."""

# Name of the newsletter, organisation, postal address.
NEWSLETTERS = {
    "en": (
        "Weekly Brief",
        "Far Valley Rights Network",
        "14 Quay Street, 4021 Velmar",
    ),
    "de": (
        "Wochenbrief",
        "Netzwerk für Rechte im Fernen Tal",
        "Kaistraße 14, 4021 Velmar",
    ),
    "tr": (
        "Haftalık Bülten",
        "Uzak Vadi Hak Ağı",
        "Rıhtım Caddesi 14, 4021 Velmar",
    ),
    "zh": ("每周简报", "远谷权利网络", "维尔马码头街14号，邮编4021"),
    "ug": (
        "ھەپتىلىك خەۋەرنامە",
        "Far Valley Rights Network",
        "14 Quay Street, 4021 Velmar",
    ),
}

OWN_COLOURS = """
accent = "#5c1430"
text = "#1d1b26"
quiet = "#3d3648"
line = "#dccfd6"
paper = "#fffaf2"
page = "#f8eef2"
dark_accent = "#f2a7bf"
dark_text = "#f3ecee"
dark_quiet = "#bdb0b8"
dark_line = "#4b4148"
dark_paper = "#241d22"
dark_page = "#171216"
font = "Verdana, Geneva, sans-serif"
"""

OWN_FOOTER = """\
<div class="footer">
<p class="own">{{ newsletter.name | isolated }} · {{ newsletter.organisation | whole }}</p>
<p>{{ _("We will never ask you to open an attachment, log in or give us a password.") }}</p>
{% if web_page %}
<p class="more"><a href="{{ web_page }}">{{ _("Read this issue in your browser") }}</a></p>
{% endif %}
<p class="more"><a href="{{ reader(unsubscribe) }}">{{ _("Unsubscribe") }}</a></p>
<p>{{ newsletter.address | isolated }}</p>
</div>
"""
OWN_STYLE = """
h2.section { border-top-width: 6px; font-size: 20px; }
p.own { font-weight: bold; font-size: 18px; }
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """An email to build: an issue file of `samples/`, and what the organisation changed."""

    issue: str
    """Name and language: `long.de`."""
    look: str = ""
    """Lines of [look]."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """The organisation's own templates, by name."""

    @property
    def lang(self) -> str:
        return self.issue.rpartition(".")[2]


def _with_own_style() -> str:
    return (package_templates() / "style.css").read_text("utf-8") + OWN_STYLE


ISSUES = {path.stem: Sample(path.stem) for path in sorted(SAMPLES.glob("*.md"))}
CHANGED = {
    "own-colours.de": Sample("release.de", look=OWN_COLOURS),
    "own-colours.ug": Sample("release.ug", look=OWN_COLOURS),
    "own-templates.ug": Sample(
        "long.ug",
        templates={
            "footer.html.j2": OWN_FOOTER,
            "style.css": _with_own_style(),
        },
    ),
    "sans.ug": Sample("release.ug", look='theme = "sans"\n'),
    "sans.en": Sample("long.en", look='theme = "sans"\nnotice = "foot"\n'),
    "sans.zh": Sample("short.zh", look='theme = "sans"\nnotice = "foot"\n'),
    "plain.ug": Sample("long.ug", look='theme = "plain"\nnotice = "foot"\n'),
    "plain.tr": Sample("release.tr", look='theme = "plain"\n'),
    "plain.de": Sample("short.de", look='theme = "plain"\n'),
}
ALL = ISSUES | CHANGED
LOOKS = ["long.de", "long.ug", "sans.en"]
"""The longest email in both directions, and another theme."""


def mail(sample: Sample, folder: Path) -> bytes:
    """The email of a sample as a reader gets it; `folder`, which is empty, becomes the newsletter's."""
    newsletter = _newsletter(sample, folder)
    _publish(newsletter, f"short.{sample.lang}")  # which the long one corrects
    path = _publish(newsletter, sample.issue)
    text = path.read_text("utf-8")
    for name in re.findall(r"^image: (.*)$", text, re.MULTILINE):
        (path.parent / name).write_bytes(_photo(name))
    edition = store.load(path, sample.lang)
    date = dt.datetime.fromisoformat(f"{edition.id}T08:30:00+00:00")
    return Message(
        render(newsletter, edition), newsletter.settings, KEY, date.timestamp
    ).fill(SAMPLE_READER)


def _publish(newsletter: Newsletter, issue: str) -> Path:
    """Write an issue of `samples/`, and the page on the web to which emails then link; return its file."""
    text = (SAMPLES / f"{issue}.md").read_text("utf-8")
    dated = re.search(r"^date: (.*)$", text, re.MULTILINE)
    assert dated
    path = newsletter.issues / dated[1] / "issue.md"
    page = newsletter.root / ARCHIVE / dated[1] / "index.html"
    for folder in (path.parent, page.parent):
        folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    page.touch()
    return path


def _newsletter(sample: Sample, folder: Path) -> Newsletter:
    name, organisation, address = NEWSLETTERS[sample.lang]
    look = sample.look
    if sample.issue.startswith("release."):
        _logo().save(folder / LOGO)
        look += f'logo = "{LOGO}"\n'
    # A JSON string is a TOML string, too.
    quoted = {
        key: json.dumps(value, ensure_ascii=False)
        for key, value in (("name", name), ("address", address))
    }
    settings = f"""
[newsletter]
name = {quoted["name"]}
organisation = {json.dumps(organisation, ensure_ascii=False)}
from = {json.dumps(f"{name} <brief@example.org>", ensure_ascii=False)}
reply_to = "editors@example.org"
address = {quoted["address"]}
languages = ["{sample.lang}"]
site = "https://example.org/brief/"
[issue]
contents = {"true" if sample.issue.startswith("long.") else "false"}
[look]
{look}
[unsubscribe]
url = "https://example.org/unsub/{{token}}"
mailto = "leave@example.org"
"""
    (folder / "briefing.toml").write_text(settings, "utf-8")
    for template, text in sample.templates.items():
        (folder / "templates").mkdir(exist_ok=True)
        (folder / "templates" / template).write_text(text, "utf-8")
    return Newsletter(folder)


@cache
def _photo(name: str) -> bytes:
    """A JPEG file: dusk over hills, in other colours for each name."""
    tint = sum(name.encode()) % 200
    image = ImageOps.colorize(
        Image.linear_gradient("L").resize((1400, 900)),
        (60, 80, 40 + tint),
        (250, 210, tint),
    )
    draw = ImageDraw.Draw(image)
    draw.ellipse((900 - tint, 300, 1100 - tint, 500), fill=(255, 240, 200))
    draw.polygon(
        [
            (0, 900),
            (0, 700),
            (400, 480 + tint),
            (800, 720),
            (1400, 560),
            (1400, 900),
        ],
        fill=(40, tint, 60),
    )
    data = BytesIO()
    image.save(data, "JPEG", quality=90)
    return data.getvalue()


def _logo() -> Image.Image:
    """Dark on nothing: only its plate keeps it visible on a dark ground."""
    image = Image.new("RGBA", (360, 120), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.polygon(
        [(10, 110), (80, 20), (130, 80), (170, 40), (230, 110)],
        fill=(10, 70, 58, 255),
    )
    draw.ellipse((270, 30, 340, 100), outline=(10, 70, 58, 255), width=12)
    return image


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, sample in ALL.items():
        with TemporaryDirectory() as newsletter:
            (folder / f"{name}.eml").write_bytes(mail(sample, Path(newsletter)))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
