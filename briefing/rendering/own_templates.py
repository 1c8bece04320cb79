"""An organisation's copies of the package's templates: how they are made, and which of them are older
than the package's own.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from briefing.errors import NotFoundError
from briefing.newsletter import Newsletter, package_templates
from briefing.storage import files
from briefing.text.decoding import decode

ADVICE = "Keep this line: 'briefing check' uses it to see whether briefing has a newer version."
"""Follows where a copy is from, in its first line."""

_FIRST_SENTENCE = re.compile(r"(?:\{#-?|/\*)\s*+([^#*.]++)\. ")
_MARK = re.compile(r"\{# Copied from briefing \S+ \(([0-9a-f]{12})\)")


def template_names() -> list[str]:
    """Return the names of the package's templates and style sheets, those for HTML first."""
    found = [path.name for path in package_templates().iterdir()]
    names = [name for name in found if name.endswith((".j2", ".css"))]
    return sorted(names, key=lambda name: (_order(name), name))


def _order(name: str) -> int:
    kinds = (".html.j2", ".txt.j2", ".css")
    return next(i for i, kind in enumerate(kinds) if name.endswith(kind))


def description(name: str) -> str:
    """Return what a template is: the first sentence of the comment that it begins with."""
    text = (package_templates() / name).read_text("utf-8")
    found = _FIRST_SENTENCE.match(text)
    return found[1] if found else ""


def refuse_unknown(names: Iterable[str]) -> None:
    """Raise NotFoundError for a name that none of the package's templates has."""
    known = template_names()
    for name in names:
        if name not in known:
            raise NotFoundError(
                f"there is no template '{name}'; use one of {', '.join(known)}"
            )


def copy_templates(newsletter: Newsletter, names: Iterable[str]) -> list[str]:
    """Copy templates into the newsletter's own folder, except those that it has already; return the
    names of the new copies. Raises what files.create raises.
    """
    own = files.make_folder(newsletter.template_folders[0])
    return [name for name in names if _copy(name, own)]


def _copy(name: str, own: Path) -> bool:
    """Whether there was no file of this name yet, so that the template was copied."""
    # A check only looks for outdated copies; this would take it longer to import.
    from importlib.metadata import version  # noqa: PLC0415

    original = (package_templates() / name).read_bytes()
    copied_from = f"briefing {version('briefing')} ({_digest(original)})"
    mark = f"{{# Copied from {copied_from}. {ADVICE} #}}\n"
    try:
        files.create(own / name, mark.encode() + original)
    except FileExistsError:
        return False
    return True


def outdated_copies(newsletter: Newsletter) -> Iterator[Path]:
    """Yield the organisation's copies whose originals have changed since they were copied."""
    own, packaged = newsletter.template_folders
    for name in template_names():
        copied_from = _digest_in(own / name)
        if copied_from and copied_from != _digest(
            (packaged / name).read_bytes()
        ):
            yield own / name


def _digest_in(path: Path) -> str:
    """Return the digest of the original in a copy's mark; "" if it has none."""
    try:
        text = decode(files.read(path))
    except OSError:
        return ""
    found = _MARK.search(text)
    return found[1] if found else ""


def _digest(original: bytes) -> str:
    return hashlib.sha256(original).hexdigest()[:12]
