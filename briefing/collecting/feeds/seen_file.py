"""Read and write `.briefing/feeds.json`, which records what is known about the feeds.

Only its owner can read it (0600).
"""

from dataclasses import dataclass
from pathlib import Path

from briefing.errors import display_path
from briefing.newsletter import Newsletter
from briefing.storage import files

from .seen import SeenEntries, records_in

FILE = "feeds.json"


@dataclass
class SeenFile(SeenEntries):
    """What is known about the feeds, and the file that records it."""

    path: Path = Path(FILE)
    note: str = ""
    """Why all entries count as new, if the file is damaged; one line."""

    @classmethod
    def of(cls, newsletter: Newsletter) -> "SeenFile":
        """Read what is known about a newsletter's feeds: nothing if the file is missing, or damaged
        (see `note`).

        Feeds that are no longer in the settings are dropped.
        """
        path = newsletter.state / FILE
        try:
            records = records_in(
                files.read(path), newsletter.settings.collect.feeds
            )
        except FileNotFoundError:
            return cls(path=path)
        except (OSError, ValueError, RecursionError):
            note = f"{display_path(path)}: can't be read, so all feed entries are shown as new"
            return cls(path=path, note=note)
        return cls(records, path)

    def save(self) -> None:
        """Replace the file. Raises BriefingError; the old file is then unchanged."""
        data = self.as_json().encode()
        files.write_private(self.path, data)
