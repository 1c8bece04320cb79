"""The file that records which entries of the feeds the editor has seen: `.briefing/feeds.json`.

It is private (0600), and written only after the editor has seen them: if `briefing` is stopped
before, they are shown again rather than missed.
"""

from dataclasses import dataclass
from pathlib import Path

from briefing import files
from briefing.collecting.feeds.seen import SeenEntries, records_in
from briefing.errors import BriefingError, display_path
from briefing.newsletter import Newsletter

FILE = "feeds.json"


@dataclass
class SeenFile(SeenEntries):
    """The entries that the editor has seen, and the file that records them."""

    path: Path = Path(FILE)
    note: str = ""
    """Why nothing is known, if the file is damaged; one line."""

    @classmethod
    def of(cls, newsletter: Newsletter) -> "SeenFile":
        """Return what a newsletter's editor has seen; nothing if there is no file, or a damaged one
        (see `note`).

        Feeds that are no longer in the settings are forgotten.
        """
        path = newsletter.state / FILE
        try:
            records = records_in(path.read_bytes(), newsletter.settings.collect.feeds)
        except FileNotFoundError:
            return cls(path=path)
        except (OSError, ValueError, RecursionError):
            note = f"{display_path(path)}: can't be read, so all entries of the feeds are shown as new"
            return cls(path=path, note=note)
        return cls(records, path)

    def save(self) -> None:
        """Replace the file. Raises BriefingError; the former file is then still there."""
        files.make_private_folder(self.path.parent)
        try:
            self.path.touch(files.PRIVATE_FILE)
            self.path.chmod(files.PRIVATE_FILE)
        except OSError as error:
            raise BriefingError(
                f"{display_path(self.path)}: can't be written: {error.strerror}"
            ) from error
        files.write_atomically(self.path, self.as_json().encode())
