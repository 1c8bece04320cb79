"""A newsletter is a folder; this is where things are in it, and how a new one begins."""

import json
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from briefing import files, settings
from briefing.errors import BriefingError, NotFoundError, RefusedError, shown

SETTINGS_FILE = "briefing.toml"


@dataclass(frozen=True)
class Newsletter:
    """The folder of one newsletter; `root` holds its briefing.toml."""

    root: Path

    @classmethod
    def find(cls, start: Path) -> "Newsletter":
        """The newsletter whose folder is `start` or the nearest one above it. Raises NotFoundError."""
        start = start.absolute()
        for folder in (start, *start.parents):
            if (folder / SETTINGS_FILE).is_file():
                return cls(folder)
        raise NotFoundError(
            f"{shown(start)}: no {SETTINGS_FILE} here or above; go to the newsletter's folder, name it with -C, "
            "or make one with 'briefing init DIR'"
        )

    @classmethod
    def create(cls, root: Path, *, name: str, organisation: str, sender: str) -> "Newsletter":
        """Make a folder that works at once: settings with a comment a line, a list of example addresses, .gitignore.

        Raises RefusedError where there is a newsletter already, or another file of such a name.
        """
        begin = package_templates() / "newsletter"
        # A JSON string is a TOML string too.
        title = re.sub("[{}]", "", name) + ", {date}"  # braces are places in a title
        answers = {"NAME": name, "ORGANISATION": organisation, "SENDER": sender, "TITLE": title}
        text = (begin / SETTINGS_FILE).read_text("utf-8")
        places = rf'"({"|".join(answers)})"'
        text = re.sub(places, lambda place: json.dumps(answers[place[1]], ensure_ascii=False), text)
        settings.parse(text, root / SETTINGS_FILE)
        contents = [
            (".gitignore", (begin / "gitignore").read_bytes(), 0o644),
            ("subscribers.csv", (begin / "subscribers.csv").read_bytes(), files.PRIVATE_FILE),
            (SETTINGS_FILE, text.encode(), 0o644),
        ]
        for file, _, _ in contents:
            if os.path.lexists(root / file):
                raise RefusedError(f"{shown(root / file)} is there already; a new newsletter wants a folder of its own")
        try:
            (root / "issues").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BriefingError(f"{shown(root)}: can't be made: {error.strerror}") from error
        for file, data, mode in contents:
            files.create(root / file, data, mode=mode)
        return cls(root)

    @cached_property
    def settings(self) -> settings.Settings:
        """Read at first use. Raises SettingsError."""
        return settings.load(self.root / SETTINGS_FILE)

    @property
    def first_language(self) -> str:
        """The language of `issue.md`, and of readers whose own language has no edition. Raises SettingsError."""
        return self.settings.newsletter.languages[0]

    @property
    def issues(self) -> Path:
        return self.root / "issues"

    @property
    def subscribers(self) -> Path:
        return self.root / "subscribers.csv"

    @property
    def state(self) -> Path:
        """What only this machine knows: ledgers, the key, the outbox."""
        return self.root / files.PRIVATE_ROOT

    @property
    def template_folders(self) -> tuple[Path, ...]:
        """Where templates are looked for: what the organisation changed, then what came with the package."""
        return (self.root / "templates", package_templates())


def package_templates() -> Path:
    """The templates that come with the package: inside it in a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"
