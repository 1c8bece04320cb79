"""Formats that aren't read, listed in `unsupported.toml`."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePath

from briefing.data_files import load_table
from briefing.errors import BriefingError

from .source_file import SourceFile


def refuse_unsupported(source: SourceFile) -> None:
    """Raise BriefingError, with what to do, if a file is of a known format that isn't read."""
    for advice in _advice(source):
        if advice:
            raise BriefingError(advice)


def _advice(source: SourceFile) -> Iterator[str]:
    formats = _formats()
    file = PurePath(source.name).name.lower()
    for pattern, advice in formats["names"].items():
        if fnmatchcase(file, pattern):
            yield advice
    for signature, advice in formats["signatures"].items():
        if source.data.startswith(bytes.fromhex(signature)):
            yield advice
    for part, advice in formats["parts"].items():
        if part in source.parts:
            yield advice
    yield formats["mimetypes"].get(source.mimetype, "")
    # Only text can be XML: to decode an archive would take time for nothing.
    if not source.archive:
        _, _, name = source.first_tag.rpartition(":")
        yield formats["elements"].get(name, "")


@cache
def _formats() -> Mapping[str, Mapping[str, str]]:
    return load_table(Path(__file__).with_name("unsupported.toml"))
