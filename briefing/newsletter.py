"""A newsletter is a folder; this is where things are in it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from briefing import settings
from briefing.errors import NotFoundError, shown

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

    @cached_property
    def settings(self) -> settings.Settings:
        """Read at first use. Raises SettingsError."""
        return settings.load(self.root / SETTINGS_FILE)

    @property
    def issues(self) -> Path:
        return self.root / "issues"

    @property
    def subscribers(self) -> Path:
        return self.root / "subscribers.csv"

    @property
    def state(self) -> Path:
        """What only this machine knows: ledgers, the key, the outbox."""
        return self.root / ".briefing"

    @property
    def template_folders(self) -> tuple[Path, ...]:
        """Where templates are looked for: what the organisation changed, then what came with the package."""
        return (self.root / "templates", package_templates())


def package_templates() -> Path:
    """The templates that come with the package: inside it in a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"
