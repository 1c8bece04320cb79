"""A newsletter is a folder: find one, locate its files, create a new one."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from briefing.configuration import settings
from briefing.configuration.toml_tables import ReportGone
from briefing.storage import files

from .errors import NotFoundError, RefusedError, display_path

SETTINGS_FILE = files.NEWSLETTER_FILE
CREATED_FILES = (SETTINGS_FILE, "subscribers.csv", ".gitignore")
SAMPLE_LIST = "subscribers.example.csv"
"""The list of the sample newsletter, which is in a checkout."""
EXAMPLE_ADDRESS = "brief@example.org"
"""The sender's address in a new newsletter, until the editor sets another."""
LONGEST_ALIGNED = 50
"""Columns of a setting whose comment is aligned with the others."""


@dataclass(frozen=True)
class Newsletter:
    """The folder of one newsletter; its briefing.toml is in `root`."""

    root: Path
    report_gone: ReportGone | None = field(default=None, compare=False)
    """Gets the errors about settings that earlier versions had; without it, they are raised."""

    @classmethod
    def find(cls, start: Path) -> "Newsletter":
        """Return the newsletter in `start` or in the nearest folder above it. Raises NotFoundError."""
        start = start.absolute()
        root = _first_newsletter((start, *start.parents))
        if root:
            return cls(root)
        raise NotFoundError(
            f"there is no {SETTINGS_FILE} in {start} or above it; go to the newsletter's folder, point to it with -C, "
            "or create one with 'briefing init DIR'"
        )

    @classmethod
    def create(
        cls,
        root: Path,
        *,
        name: str,
        organisation: str,
        sender: str,
    ) -> "Newsletter":
        """Create a folder that is ready to use: commented settings, a list of example addresses,
        .gitignore.

        Raises RefusedError as `refuse_taken` does.
        """
        refuse_taken(root)
        blank = blank_newsletter()
        answers = {
            "NAME": name,
            "ORGANISATION": organisation,
            "SENDER": sender,
            "TITLE": _issue_title(name),
        }
        text = _fill_in((blank / SETTINGS_FILE).read_text("utf-8"), answers)
        # Checked before anything is written: a name may be unusable.
        settings.parse(text, root / SETTINGS_FILE)
        contents = {
            ".gitignore": (blank / "gitignore").read_bytes(),
            "subscribers.csv": (blank / "subscribers.csv").read_bytes(),
            SETTINGS_FILE: text.encode(),
        }
        files.make_folder(root / "issues")
        for file, data in contents.items():
            mode = (
                files.PRIVATE_FILE
                if file == "subscribers.csv"
                else files.NEW_FILE
            )
            files.create(root / file, data, mode=mode)
        return cls(root)

    @cached_property
    def settings(self) -> settings.Settings:
        """The settings, read on first use. Raises SettingsError."""
        return settings.load(self.root / SETTINGS_FILE, self.report_gone)

    @property
    def first_language(self) -> str:
        """The language of `issue.md`, and of readers whose own language has no edition. Raises
        SettingsError.
        """
        return self.settings.newsletter.languages[0]

    @property
    def further_languages(self) -> tuple[str, ...]:
        """The languages that issues are translated into. Raises SettingsError."""
        return self.settings.newsletter.languages[1:]

    @property
    def issues(self) -> Path:
        return self.root / "issues"

    @property
    def subscribers(self) -> Path:
        return self.root / "subscribers.csv"

    @property
    def state(self) -> Path:
        """The folder for what stays on this machine: ledgers, the key."""
        return self.root / files.PRIVATE_ROOT

    @property
    def rehearsals(self) -> Path:
        """The folder for the emails of rehearsals, which stay on this machine as well."""
        return self.root / "rehearsal"

    @property
    def template_folders(self) -> tuple[Path, ...]:
        """The template folders in search order: the organisation's own, then the package's."""
        return (self.root / "templates", package_templates())


def refuse_taken(root: Path) -> None:
    """Raise RefusedError if a new newsletter's folder can't be `root`."""
    for name in CREATED_FILES:
        if os.path.lexists(root / name):
            raise RefusedError(
                f"{display_path(root / name)} already exists; choose a new folder"
            )
    # Not `resolve`, which is an error for links that lead to each other.
    outer = _first_newsletter(Path(os.path.realpath(root)).parents)
    if outer:
        raise RefusedError(
            f"{display_path(root)} would be inside the newsletter in {outer}; choose a folder outside it"
        )
    existing = next(
        path for path in (root, *root.absolute().parents) if path.exists()
    )
    if not existing.is_dir():
        raise RefusedError(
            f"{display_path(existing)} is a file; choose a new folder for the newsletter"
        )
    if not os.access(existing, os.W_OK | os.X_OK):
        raise RefusedError(
            f"you can't write into {display_path(existing)}; choose a folder elsewhere"
        )


def _first_newsletter(folders: Iterable[Path]) -> Path | None:
    """Return the first of these folders that is a newsletter's; None if there is none."""
    for folder in folders:
        if (folder / SETTINGS_FILE).is_file():
            return folder
    return None


def package_templates() -> Path:
    """Return the folder of the package's own templates: in a wheel inside the package, in a
    checkout next to it.
    """
    package = Path(__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def blank_newsletter() -> Path:
    """Return the folder of the files that a new newsletter begins with."""
    return package_templates() / "newsletter"


def _issue_title(name: str) -> str:
    """Return the title of new issues, without braces from the newsletter's name: they have a
    meaning there.
    """
    return name.replace("{", "").replace("}", "") + ", {date}"


def _fill_in(text: str, answers: Mapping[str, str]) -> str:
    """Replace each quoted "NAME", all in one pass, so that an answer can't be taken for a
    placeholder. The comments stay in one column.
    """

    def quote(place: re.Match[str]) -> str:
        # A JSON string is a TOML string, too.
        return json.dumps(answers[place[1]], ensure_ascii=False)

    rows: list[tuple[str, str]] = []
    for line in text.split("\n"):
        code, gap, comment = line.partition("  # ")
        filled = re.sub(f'"({"|".join(answers)})"', quote, code.rstrip())
        rows.append((filled, f"{gap.strip()} {comment}" if gap else ""))
    widths = [len(code) for code, comment in rows if comment]
    width = max(width for width in widths if width <= LONGEST_ALIGNED)
    return "\n".join(
        f"{code.ljust(width)}  {comment}" if comment else code
        for code, comment in rows
    )
