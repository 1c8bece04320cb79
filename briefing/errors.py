"""Everything that can go wrong in a way that its reader can mend.

BriefingError                one line: what is wrong, where, what to do           exit 1
├── FileError                … at a line of a file
│   ├── IssueError           an issue file does not follow the format
│   ├── SettingsError        briefing.toml
│   ├── SubscribersError     the list as a whole can't be trusted
│   ├── TemplateError        a template, a style sheet or a catalogue
│   ├── PictureError         a photo or a logo
│   ├── ChangedError         somebody edited a file since it was read
│   └── LedgerError          the record of a send can't be trusted
├── TransportError           a server takes no mails now, and says why
├── FetchError               a web page can't be had, or must not be asked for
├── NotFoundError            no such newsletter, issue or file
├── RefusedError             done as asked, it would do harm
└── BusyError                somebody else is sending                             exit 75

A message never holds a subscriber's address or a key. Mistakes of the command line itself are click's (exit 2).
"""

from pathlib import Path


class BriefingError(Exception):
    """The base of the tree; its text is the one line that the person reads."""

    exit_code = 1


class FileError(BriefingError):
    """Something is wrong with a file, at a line of it where that is known (1-based)."""

    def __init__(self, path: Path | str, message: str, *, line: int | None = None) -> None:
        self.path = Path(path)
        self.line = line
        self.message = message
        super().__init__(path, message, line)

    def __str__(self) -> str:
        place = f"{shown(self.path)}, line {self.line}" if self.line else shown(self.path)
        return f"{place}: {self.message}"


class IssueError(FileError):
    """An issue file does not follow the format."""


class SettingsError(FileError):
    """A setting that doesn't exist or can't be."""


class SubscribersError(FileError):
    """The list as a whole can't be trusted: broken quotes, no address column, undecodable bytes."""


class TemplateError(FileError):
    """A template, style sheet or catalogue that can't be used."""


class PictureError(FileError):
    """A photo or logo that can't be used."""


class FetchError(BriefingError):
    """A web page can't be had, or must not be asked for."""

    def __init__(self, url: str, message: str, *, no_host: bool = False) -> None:
        """`message` goes on from the address; `no_host`: its host doesn't exist, so that asking again is no use."""
        self.url = url
        self.message = message
        self.no_host = no_host
        super().__init__(url, message, no_host)

    def __str__(self) -> str:
        return f"{self.url}: {self.message}"


class NotFoundError(BriefingError):
    """There is no such newsletter, issue or file."""


class ChangedError(FileError):
    """A file was edited by somebody since it was read; it was left as it is."""


class RefusedError(BriefingError):
    """Done as asked, it would do harm; the message names the way out."""


class LedgerError(FileError):
    """The record of a send can't be trusted."""


class TransportError(BriefingError):
    """A server doesn't take mails, or takes no more of them; nobody is marked as failed for it."""


class BusyError(BriefingError):
    """Somebody else holds the lock of this newsletter's sends."""

    exit_code = 75  # EX_TEMPFAIL of sysexits.h


def shown(path: Path) -> str:
    """The path as a person would type it: relative to here where it lies below, whole otherwise."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)
