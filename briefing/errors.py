"""Errors that the user can do something about.

BriefingError                one line: what is wrong, where, what to do           exit 1
├── FileError                … at a line of a file
│   ├── IssueError           an issue file doesn't follow the format
│   ├── SettingsError        a mistake in briefing.toml
│   ├── SubscribersError     the list as a whole can't be trusted
│   ├── TemplateError        a template, style sheet or catalogue can't be used
│   ├── PictureError         a photo or logo can't be used
│   ├── ChangedError         a file was edited after it was read
│   └── LedgerError          the record of a send can't be trusted
├── TransportError           a server doesn't accept emails at the moment
├── FetchError               a web page can't be fetched, or must not be
├── MailboxError             a mailbox can't be opened or read
├── LimitError           a page, document, photo or template takes too much time or memory
├── NotFoundError            no such newsletter, issue or file
├── RefusedError             it would do harm
└── BusyError                another send is running                              exit 75

No message contains a subscriber's address or a key. Mistakes on the command line itself are click's
(exit 2).
"""

from collections.abc import Iterable
from pathlib import Path


class BriefingError(Exception):
    """The base class; its text is the one line that the user sees."""

    exit_code = 1


class FileError(BriefingError):
    """Something is wrong with a file, at a line (1-based) if known."""

    def __init__(
        self,
        path: Path | str,
        message: str,
        *,
        line: int | None = None,
    ) -> None:
        self.path = Path(path)
        self.line = line
        self.message = message
        super().__init__(path, message, line)

    def __str__(self) -> str:
        place = (
            f"{display_path(self.path)}, line {self.line}"
            if self.line
            else display_path(self.path)
        )
        return f"{place}: {self.message}"


class IssueError(FileError):
    """An issue file doesn't follow the format."""


class SettingsError(FileError):
    """A setting doesn't exist, or its value isn't allowed."""


class SubscribersError(FileError):
    """The list as a whole can't be trusted: broken quotes, no address column, undecodable bytes."""


class TemplateError(FileError):
    """A template, style sheet or catalogue can't be used."""


class PictureError(FileError):
    """A photo or logo can't be used."""


class FetchError(BriefingError):
    """A web page can't be fetched, or must not be."""

    def __init__(
        self, url: str, message: str, *, no_host: bool = False
    ) -> None:
        """`message` is worded to follow the URL; `no_host`: its host doesn't exist, so a retry is
        useless.
        """
        self.url = url
        self.message = message
        self.no_host = no_host
        super().__init__(url, message, no_host)

    def __str__(self) -> str:
        return f"{self.url}: {self.message}"


class MailboxError(BriefingError):
    """A mailbox can't be opened, or not be read to its end. Nothing was changed in it."""


class LimitError(BriefingError):
    """Untrusted data takes too much time or memory, or makes a library fail."""

    def __init__(self, name: str, message: str) -> None:
        """`message` is worded to follow the name, a file or an address."""
        self.name = name
        self.message = message
        super().__init__(name, message)

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


class NotFoundError(BriefingError):
    """There is no such newsletter, issue or file."""


class ChangedError(FileError):
    """A file was edited after it was read; it wasn't overwritten."""


class RefusedError(BriefingError):
    """It would do harm; the message says what to do instead."""


class LedgerError(FileError):
    """The record of a send can't be trusted."""


class TransportError(BriefingError):
    """A server doesn't accept any more emails. No reader is marked as failed because of it."""


class BusyError(BriefingError):
    """Another process holds the lock on this newsletter's sends."""

    exit_code = 75  # EX_TEMPFAIL of sysexits.h


def display_path(path: Path) -> str:
    """Return a path as people type it: relative if it is below the current folder, otherwise
    unchanged.
    """
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def did_you_mean(name: str, known: Iterable[str], form: str = "'{}'") -> str:
    """Return a hint about an unknown name: the known one that was probably meant, or all of them."""
    import difflib  # noqa: PLC0415  # only needed after a mistake

    names = list(known)
    similar = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if similar:
        return f"did you mean {form.format(similar[0])}?"
    return f"use one of {', '.join(names)}"
