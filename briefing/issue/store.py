"""Where issues are kept, and how they are loaded and saved: never over what somebody else wrote meanwhile."""

import datetime as dt
import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from briefing import files
from briefing.errors import ChangedError, IssueError, NotFoundError, RefusedError, display_path
from briefing.issue import markdown, receipt
from briefing.issue.model import Issue
from briefing.newsletter import Newsletter

INBOX = "inbox"
ID = re.compile(r"(\d{4}-\d\d-\d\d)(?:-([a-z0-9]+(?:-[a-z0-9]+)*))?", re.ASCII)
EDITION = re.compile(r"issue(?:\.([A-Za-z0-9-]+))?\.md", re.ASCII)


@dataclass(frozen=True, slots=True)
class Edition:
    """An issue in one language, as it stood in its file when it was loaded."""

    issue: Issue
    path: Path
    lang: str
    digest: str
    """SHA-256 of the file's bytes."""

    @property
    def id(self) -> str:
        """The issue's id: the name of its folder."""
        return self.path.parent.name

    @property
    def date(self) -> dt.date | None:
        """The issue's date as it says itself, else as its folder is named."""
        return self.issue.date or date_of(self.id)


def issue_id(date: dt.date, slug: str = "") -> str:
    """The id of the issue of a day: its date, with a slug for a second one. Raises RefusedError for a bad slug."""
    name = f"{date.isoformat()}-{slug}" if slug else date.isoformat()
    if not ID.fullmatch(name):
        raise RefusedError(f"'{slug}' is no slug; use small letters, digits and hyphens: 'appeal'")
    return name


def date_of(name: str) -> dt.date | None:
    """The date in an issue's id; None for the inbox and for what is no id."""
    match = ID.fullmatch(name)
    try:
        return dt.date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def ids(newsletter: Newsletter) -> list[str]:
    """The ids of all issues, newest first (an issue with a slug counts as newer than the plain one of its day)."""
    if not newsletter.issues.is_dir():
        return []
    names = (folder.parent.name for folder in newsletter.issues.glob("*/issue*.md") if EDITION.fullmatch(folder.name))
    return sorted({name for name in names if date_of(name)}, reverse=True)


def find(newsletter: Newsletter, reference: str | None) -> Path:
    """The folder of an issue by its id or a path to it or its file; without a reference, the newest one not yet sent.

    Where all were sent it is the newest of all.

    Raises NotFoundError that says which there are.
    """
    known = ids(newsletter)
    if reference is None:
        if not known:
            raise NotFoundError(
                f"{display_path(newsletter.issues)}: there is no issue yet; 'briefing compose' makes one"
            )
        folders = [newsletter.issues / name for name in known]
        return next((folder for folder in folders if not receipt.is_sent(folder)), folders[0])
    if ID.fullmatch(reference) or reference == INBOX:
        folder = newsletter.issues / reference
    else:
        given = Path(os.path.abspath(reference))  # noqa: PTH100  # "..", too, must become a name
        folder = given.parent if EDITION.fullmatch(given.name) else given
    if not any(EDITION.fullmatch(name) for name in _names(folder)):
        newest = f"; the newest are {', '.join(known[:3])}" if known else "; 'briefing compose' makes one"
        raise NotFoundError(f"there is no issue '{reference}'{newest}")
    if folder.parent.resolve() != newsletter.issues.resolve():
        raise NotFoundError(
            f"'{reference}' is no issue of this newsletter; its issues lie in {display_path(newsletter.issues)}"
        )
    return folder


def edition_path(newsletter: Newsletter, name: str, lang: str) -> Path:
    """Return the file of an issue's edition in a language, whether or not it exists yet.

    That is `issue.LANG.md`; in the newsletter's first language `issue.md`, unless only a file with the code exists.
    """
    folder = newsletter.issues / name
    named = folder / f"issue.{lang}.md"
    plain = folder / "issue.md"
    if lang != newsletter.first_language:
        return named
    return named if named.exists() and not plain.exists() else plain


def first_edition_path(newsletter: Newsletter, name: str) -> Path:
    """Return the file of an issue's edition in the newsletter's first language, whether or not it exists yet."""
    return edition_path(newsletter, name, newsletter.first_language)


def first_edition(newsletter: Newsletter, name: str) -> Edition:
    """Load an issue's edition in the newsletter's first language. Raises IssueError, NotFoundError."""
    return load(first_edition_path(newsletter, name), newsletter.first_language)


def editions(newsletter: Newsletter, folder: Path) -> list[Edition]:
    """All editions of an issue, the newsletter's first language first. Raises IssueError."""
    languages = newsletter.settings.newsletter.languages
    found: dict[str, Edition] = {}
    for path in sorted(folder.iterdir()):
        match = EDITION.fullmatch(path.name)
        if not match:
            continue
        lang = match[1] or newsletter.first_language
        if lang not in languages:
            raise IssueError(path, f"'{lang}' is not among [newsletter] languages in briefing.toml; add it there")
        if lang in found:
            raise IssueError(path, f"there is an edition in '{lang}' already: {found[lang].path.name}; keep one")
        found[lang] = load(path, lang)
    return sorted(found.values(), key=lambda edition: languages.index(edition.lang))


def load(path: Path, lang: str) -> Edition:
    """An edition from its file. Raises IssueError, NotFoundError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(f"{display_path(path)}: there is no such file") from None
    except OSError as error:
        raise IssueError(path, f"can't be read: {error.strerror}") from error
    return Edition(_decoded(data, path), path, lang, _digest(data))


@contextmanager
def editing(newsletter: Newsletter) -> Iterator[None]:
    """Commands that load, change and save issues take turns; people are told apart by the hash of what was loaded."""
    newsletter.issues.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(newsletter.issues, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def save(edition: Edition, issue: Issue) -> Edition:
    """Write `issue` over the file of `edition`. Raises ChangedError, and writes nothing, if it was edited meanwhile."""

    def check() -> None:
        try:
            now = _digest(edition.path.read_bytes())
        except OSError:
            now = ""
        if now != edition.digest:
            raise ChangedError(edition.path, "was edited at the same moment and left as it is; give the command again")

    files.write_atomically(edition.path, markdown.write(issue).encode(), last_check=check)
    return load(edition.path, edition.lang)


def create(path: Path, issue: Issue, lang: str) -> Edition:
    """Write a new edition. Raises ChangedError if there is one of that name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        files.create(path, markdown.write(issue).encode())
    except FileExistsError:
        raise ChangedError(path, "was made at the same moment and left as it is; give the command again") from None
    return load(path, lang)


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except (OSError, ValueError):  # no folder, or nothing that could be the name of one
        return []


def _decoded(data: bytes, path: Path) -> Issue:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise IssueError(path, "is not UTF-8; save it again as UTF-8 text", line=line) from error
    return markdown.read(text, path)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
