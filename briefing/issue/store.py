"""Find, load and save issues, without ever overwriting what someone else wrote in the meantime."""

import datetime as dt
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from briefing.errors import (
    ChangedError,
    IssueError,
    NotFoundError,
    RefusedError,
    display_path,
)
from briefing.newsletter import Newsletter
from briefing.storage import files
from briefing.text.decoding import decode_utf8

from . import markdown, receipt
from .model import Issue

INBOX = "inbox"
RUN_AGAIN = "nothing was written; run the command again"
ID = re.compile(r"(\d{4}-\d\d-\d\d)(?:-([a-z0-9]+(?:-[a-z0-9]+)*))?", re.ASCII)
EDITION = re.compile(r"issue(?:\.([A-Za-z0-9-]+))?\.md", re.ASCII)


@dataclass(frozen=True, slots=True)
class Edition:
    """An issue in one language, as it was in its file when it was loaded."""

    issue: Issue
    path: Path
    lang: str
    digest: str
    """SHA-256 of the file's bytes; empty as long as there is no file."""
    mistakes: tuple[IssueError, ...] = ()
    """The mistakes in the format of a draft; `issue` is what could be read all the same."""

    @property
    def is_new(self) -> bool:
        """Whether it isn't written yet."""
        return not self.digest

    @property
    def id(self) -> str:
        """The issue's id: the name of its folder."""
        return self.path.parent.name

    @property
    def date(self) -> dt.date | None:
        """The date in the issue, else the one in its folder's name."""
        return self.issue.date or date_of(self.id)


def issue_id(date: dt.date, slug: str = "") -> str:
    """Return the id of a day's issue: its date, with a slug for a second one. Raises RefusedError
    for a bad slug.
    """
    name = f"{date.isoformat()}-{slug}" if slug else date.isoformat()
    if not ID.fullmatch(name):
        raise RefusedError(
            f"'{slug}' can't be in the name of an issue's folder; use letters from a to z, digits and hyphens: 'appeal'"
        )
    return name


def date_of(name: str) -> dt.date | None:
    """Return the date in an issue's id; None for the inbox and for anything else."""
    match = ID.fullmatch(name)
    try:
        return dt.date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def compose_options(name: str) -> str:
    """Return the options of 'briefing compose' for an issue by its id: `--date 2020-10-09 --slug appeal`."""
    date = name[:10]
    slug = name[11:]
    return f"--date {date} --slug {slug}" if slug else f"--date {date}"


def in_words(name: str) -> str:
    """Return what a sentence calls an issue or the inbox, by its id."""
    return "the inbox" if name == INBOX else f"issue {name}"


def ids(newsletter: Newsletter) -> list[str]:
    """Return the ids of all issues, newest first; one with a slug counts as newer than the plain id
    of its day.
    """
    names = {
        path.parent.name
        for path in newsletter.issues.glob("*/issue*.md")
        if EDITION.fullmatch(path.name)
    }
    return sorted(filter(date_of, names), reverse=True)


def find(newsletter: Newsletter, reference: str | None) -> Path:
    """Return the folder of an issue by its id, or by a path to the folder or a file in it.

    Without a reference it is the newest issue that isn't sent yet, or the newest of all. Raises
    NotFoundError that names the issues there are.
    """
    if reference is None:
        return _newest(newsletter)
    folder = _folder(newsletter, reference)
    if not any(map(EDITION.fullmatch, _names(folder))):
        known = ids(newsletter)
        hint = (
            f"the newest: {', '.join(known[:3])}"
            if known
            else "make one with 'briefing compose'"
        )
        raise NotFoundError(f"there is no issue '{reference}'; {hint}")
    if folder.parent.resolve() != newsletter.issues.resolve():
        issues = display_path(newsletter.issues)
        raise NotFoundError(
            f"'{reference}' isn't an issue of this newsletter; its issues are in {issues}"
        )
    return folder


def _newest(newsletter: Newsletter) -> Path:
    names = ids(newsletter)
    if not names:
        raise NotFoundError(
            "there is no issue yet; make one with 'briefing compose'"
        )
    return newsletter.issues / (newest_unsent(newsletter) or names[0])


def newest_unsent(newsletter: Newsletter) -> str:
    """Return the id of the newest issue that isn't sent yet; empty if all are."""
    for name in ids(newsletter):
        if not receipt.is_sent(newsletter.issues / name):
            return name
    return ""


def _folder(newsletter: Newsletter, reference: str) -> Path:
    if ID.fullmatch(reference) or reference == INBOX:
        return newsletter.issues / reference
    path = Path(os.path.abspath(reference))  # noqa: PTH100  # "..", too, must become a name
    return path.parent if EDITION.fullmatch(path.name) else path


def edition_path(newsletter: Newsletter, name: str, lang: str) -> Path:
    """Return the file of an issue's edition in a language, whether or not it exists yet.

    That is `issue.LANG.md`, or `issue.md` in the newsletter's first language, unless only the
    former exists.
    """
    plain = newsletter.issues / name / "issue.md"
    named = plain.with_name(f"issue.{lang}.md")
    is_plain = lang == newsletter.first_language and (
        plain.exists() or not named.exists()
    )
    return plain if is_plain else named


def first_edition_path(newsletter: Newsletter, name: str) -> Path:
    """Return the file of an issue's edition in the newsletter's first language, whether or not it
    exists yet.
    """
    return edition_path(newsletter, name, newsletter.first_language)


def first_edition(newsletter: Newsletter, name: str) -> Edition:
    """Load an issue's edition in the newsletter's first language. Raises IssueError, NotFoundError."""
    return load(first_edition_path(newsletter, name), newsletter.first_language)


def first_written_language(newsletter: Newsletter, name: str) -> str:
    """Return the first of the newsletter's languages that an issue has an edition in; the
    newsletter's first language, if it has none.
    """
    for lang in newsletter.settings.newsletter.languages:
        if edition_path(newsletter, name, lang).exists():
            return lang
    return newsletter.first_language


def chosen_edition(
    newsletter: Newsletter, folder: Path, lang: str | None
) -> Edition:
    """Load an issue's edition in a language; without one, in the first that it has an edition in.

    Raises IssueError, and NotFoundError if there is no such edition.
    """
    name = folder.name
    paths = _edition_paths(newsletter, folder)
    lang = lang or first_written_language(newsletter, name)
    if lang not in paths:
        raise NotFoundError(
            f"issue {name} has no edition in '{lang}'; it has {', '.join(paths)}"
        )
    return load(paths[lang], lang)


def editions(newsletter: Newsletter, folder: Path) -> list[Edition]:
    """Load all editions of an issue, the newsletter's first language first. Raises IssueError."""
    paths = _edition_paths(newsletter, folder)
    return [load(path, lang) for lang, path in paths.items()]


def drafts(newsletter: Newsletter, folder: Path) -> list[Edition]:
    """Load all editions of an issue as far as they can be read, with the mistakes in their format.

    Raises IssueError if it isn't clear which file is which edition.
    """
    paths = _edition_paths(newsletter, folder)
    return [
        as_draft(read_bytes(path), path, lang) for lang, path in paths.items()
    ]


def language_of(path: Path, first_language: str) -> str:
    """Return the language of the edition in a file; "" for a file that isn't an edition."""
    match = EDITION.fullmatch(path.name)
    return (match[1] or first_language) if match else ""


def _edition_paths(newsletter: Newsletter, folder: Path) -> dict[str, Path]:
    """Return the files of an issue's editions by language, in the order of the settings."""
    languages = newsletter.settings.newsletter.languages
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        lang = language_of(path, newsletter.first_language)
        if not lang:
            continue
        if lang not in languages:
            raise IssueError(
                path,
                f"'{lang}' isn't a language of the newsletter; "
                "add it to 'languages' under [newsletter] in briefing.toml",
            )
        if lang in found:
            raise IssueError(
                path,
                f"there is already an edition in '{lang}', {found[lang].name}; keep one of them",
            )
        found[lang] = path
    return {lang: found[lang] for lang in languages if lang in found}


def load(path: Path, lang: str) -> Edition:
    """Load an edition from its file. Raises IssueError, NotFoundError."""
    data = read_bytes(path)
    issue = markdown.read(decode_utf8(data, path, IssueError), path)
    return Edition(issue, path, lang, files.digest(data))


def as_draft(data: bytes, path: Path, lang: str) -> Edition:
    """Return the edition that a file's bytes contain as far as they can be read, with their mistakes
    of format.
    """
    try:
        text = decode_utf8(data, path, IssueError)
    except IssueError as error:
        return Edition(Issue(), path, lang, files.digest(data), (error,))
    issue, mistakes = markdown.read_draft(text, path)
    return Edition(issue, path, lang, files.digest(data), mistakes)


def read_bytes(path: Path) -> bytes:
    """Return what is in the file of an edition. Raises IssueError, NotFoundError."""
    try:
        return files.read(path)
    except FileNotFoundError:
        raise NotFoundError(
            f"{display_path(path)}: there is no such file"
        ) from None
    except OSError as error:
        raise IssueError(path, f"can't be read: {error.strerror}") from error


@contextmanager
def editing(newsletter: Newsletter) -> Iterator[None]:
    """Let only one command at a time load, change and save issues. The file's hash reveals edits by
    people.
    """
    files.make_folder(newsletter.issues)
    # The folder itself is locked: a lock file could be left behind, or committed to git.
    descriptor = os.open(newsletter.issues, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def save(edition: Edition, issue: Issue) -> Edition:
    """Replace the file of `edition` by `issue`. Raises ChangedError, and writes nothing, if it was
    edited in the meantime.
    """
    save_bytes(edition, markdown.write(issue).encode())
    return load(edition.path, edition.lang)


def save_bytes(edition: Edition, data: bytes) -> None:
    """Replace the bytes of an edition's file, as `save` does."""

    def check(place: Path) -> None:
        try:
            now = files.digest(files.read(place))
        except OSError:
            now = ""
        if now != edition.digest:
            raise ChangedError(
                edition.path, f"was changed in the meantime, so {RUN_AGAIN}"
            )

    files.write_atomically(edition.path, data, last_check=check)


def create(path: Path, issue: Issue, lang: str) -> Edition:
    """Write a new edition. Raises ChangedError if the file exists."""
    files.make_folder(path.parent)
    try:
        files.create(path, markdown.write(issue).encode())
    except FileExistsError:
        raise ChangedError(
            path, f"was created in the meantime, so {RUN_AGAIN}"
        ) from None
    return load(path, lang)


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except (OSError, ValueError):
        # The folder doesn't exist, or nothing can have that name.
        return []
