"""The list as a CSV file, as spreadsheets, forms and people write them.

Columns are found by their headings, in any order and in upper or lower case: the address (`email`), `name`, `lang`,
or what these are called in English, German, Turkish, Uyghur and Chinese (see `_HEADINGS`); all others are kept as
they are. Where the plain heading stands beside a synonym, it wins and the synonym is a further column; two synonyms
are refused.

- UTF-8 and UTF-16 with a byte-order mark, UTF-8 without one, otherwise Windows-1252.
- Separated by commas, semicolons or tabs, as the heading row is; Excel's `sep=;` may stand above it.
- Lines end at CR, LF or both. Cells in quotes may hold line ends, but no address then (see `_Sheet.records`).
- A `'` before `=`, `+`, `-`, `@` at a cell's start is taken off: exports put it there, or a spreadsheet would take
  the cell for a formula. (`''=` loses one of its two, so that what is exported comes back whatever it is.)

The file is read once and checked to its end before the first row is trusted, so a broken one is refused whole.
No message repeats anything that stands in the file.
"""

import csv
import io
import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from briefing.decoding import text_file_codec
from briefing.errors import NotFoundError, SubscribersError, shown
from briefing.subscribers.subscriber import Subscriber, clean, clean_name, parse_address, parse_lang

DELIMITERS = (",", ";", "\t")
LONGEST_CELL = 2_000
"""Of a further column, in characters: cutting one silently could cut a tag out of it, and a reader out of a send."""
LONGEST_LINE = 1_000_000

# By the column that they name, without spaces, hyphens and underscores.
_HEADINGS = {
    "email": """email emailaddress mail mailaddress
        emailadresse mailadresse eposta epostaadresi emailadresi mailadresi
        ئېلخەت ئېلخەتئادرېسى
        电子邮件 电子邮件地址 邮件地址 电子邮箱 邮箱 邮箱地址 電子郵件 電子郵件地址 電子郵箱""",
    "name": """name fullname vollständigername ad adı adi adsoyad adısoyadı adisoyadi isim
        ئىسىم ئىسمى 姓名 名字""",
    "lang": "lang language locale sprache dil تىل تىلى 语言 語言",
}
_SYNONYMS = {column: frozenset(words.split()) for column, words in _HEADINGS.items()}
_JOINTS = re.compile("[ _\u2010\u200e\u200f-]")
_COVERED = re.compile(r"'+[=+\-@]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no subscriber: the line that it begins on, and why, without anything that stands in it."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row whose reader stands in the list already: the lines that this one and the first begin on."""

    row: int
    first: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole list: each reader once, and the rows that were left out."""

    subscribers: tuple[Subscriber, ...]
    bad_rows: tuple[BadRow, ...]
    duplicates: tuple[Duplicate, ...]


@dataclass(frozen=True, slots=True, repr=False)
class SubscriberList:
    """A list that was read once and can be trusted: what is counted in it is what is mailed, as nothing is read again.

    The bytes of the file are held, not the readers.
    """

    _sheet: "_Sheet"
    _layout: "_Layout"

    @property
    def path(self) -> Path:
        return self._sheet.path

    def rows(self) -> Iterator[Subscriber | BadRow]:
        """The rows one by one, from the first each time; empty ones are left out, a reader may come twice."""
        return _readers(self._sheet, self._layout)


def open_list(path: Path) -> SubscriberList:
    """The list at `path`.

    Raises SubscribersError if the file as a whole can't be trusted and NotFoundError if there is none.
    """
    data = _bytes(path)
    sheet, layout = _sheet(path, data, _encoding(path, data))
    deque(sheet.records(), maxlen=0)  # to the file's end, for what may be wrong on the way
    return SubscriberList(sheet, layout)


def read(path: Path) -> Iterator[Subscriber | BadRow]:
    """The rows of the list at `path`, one by one. Raises what `open_list` does: at once, not on the first row."""
    return open_list(path).rows()


def read_all(path: Path) -> Reading:
    """The list at `path`, where the first row of a reader wins. Raises what `open_list` does."""
    first: dict[str, Subscriber] = {}
    bad_rows: list[BadRow] = []
    duplicates: list[Duplicate] = []
    for row in read(path):
        if isinstance(row, BadRow):
            bad_rows.append(row)
        elif (known := first.setdefault(row.identity, row)) is not row:
            duplicates.append(Duplicate(row.row, known.row))
    return Reading(tuple(first.values()), tuple(bad_rows), tuple(duplicates))


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise SubscribersError(path, "is a folder; give the CSV file in it")
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(
            f"{shown(path)}: there is no such list; give another file, or make one whose first row is email,name,lang"
        ) from None
    except OSError as error:
        raise SubscribersError(path, f"can't be read ({error.strerror}); is it yours to read?") from None


def _encoding(path: Path, data: bytes) -> str:
    """The name of the codec that reads all of `data`; raises SubscribersError if none does."""
    if data.startswith(b"PK\x03\x04"):
        raise SubscribersError(path, "is a spreadsheet, not a CSV file; save it as “CSV UTF-8” and give that one")
    encoding = text_file_codec(data)
    try:
        before, nul, _ = data.decode(encoding).partition("\0")
        if not nul:
            return encoding
        line, problem = _line_at(before), "holds a NUL character, as a damaged file does"
    except UnicodeDecodeError as error:
        # Not raised from here: this error carries the whole file.
        line = _line_at(data[: error.start].decode(encoding, "replace"))
        problem = "can't be decoded, its characters are in no known encoding or in several"
    raise SubscribersError(path, f"this line {problem}; save the list anew as “CSV UTF-8”", line=line)


def _line_at(text_before: str) -> int:
    return 1 + len(_LINE_END.findall(text_before))


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which cell of a row is what, by index."""

    address: int
    name: int | None
    lang: int | None
    further: tuple[tuple[int, str], ...]
    width: int
    unheaded: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class _Sheet:
    """A file as rows of cells, which can be gone through more than once."""

    path: Path
    data: bytes
    encoding: str
    delimiter: str = ","
    skip: int = 0
    """The lines above the heading row that belong to no row: Excel's `sep=`."""
    width: int = 0
    """How many columns have headings; 0 while it isn't known."""

    def lines(self) -> Iterator[str]:
        """The lines with their ends. Raises SubscribersError at one that is too long."""
        wrapper = io.TextIOWrapper(io.BytesIO(self.data), encoding=self.encoding, newline="")
        for number, line in enumerate(islice(wrapper, self.skip, None), self.skip + 1):
            if len(line) > LONGEST_LINE:
                raise SubscribersError(self.path, "this line is too long for a list of subscribers", line=number)
            yield line

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that aren't empty, each with the line that it begins on.

        Raises SubscribersError at a quote that isn't closed where its cell ends, and at one that is, but by another
        row's quote, so that the rows between became part of a cell.
        """
        reader = csv.reader(self.lines(), delimiter=self.delimiter, strict=True, skipinitialspace=True)
        line = self.skip + 1
        try:
            for cells in reader:
                end = self.skip + reader.line_num
                if end > line:
                    self._refuse_swallowed_rows(line, cells)
                if any(map(str.strip, cells)):
                    yield line, cells
                line = end + 1
        except csv.Error:
            pass
        else:
            return
        raise self._break(line, self.skip + reader.line_num)

    def _refuse_swallowed_rows(self, line: int, cells: list[str]) -> None:
        """Raise if a cell of the row from `line` on spans lines and there are rows in it.

        Either it holds the address of one, or it lies between two addresses; then there are more cells than headings.
        """
        between = 0 < self.width < len(cells) and sum("@" in cell for cell in cells) > 1
        for cell in cells:
            if _LINE_END.search(cell.strip()) and (between or "@" in cell):
                message = (
                    "the cell whose quote opens here seems to have swallowed rows; close it, or write it on one line"
                )
                raise SubscribersError(self.path, message, line=line)
            line += len(_LINE_END.findall(cell))

    def _break(self, line: int, end: int) -> SubscribersError:
        """The error for the row from `line` on that the csv module gave up at `end`."""
        text = "".join(islice(self.lines(), line - self.skip - 1, end - self.skip))
        opening = _unclosed_cell(text, self.delimiter)
        if opening is None:
            message = f"a cell is longer than {csv.field_size_limit():,} characters; shorten it"
            return SubscribersError(self.path, message, line=line)
        message = "a quote opens here and isn't closed where its cell ends; close it, or double it if it is meant"
        return SubscribersError(self.path, message, line=_line_at(text[:opening]) + line - 1)


def _unclosed_cell(text: str, delimiter: str) -> int | None:
    """Where in a row's `text` the cell begins whose quotes are wrong; None if none are."""
    cell = re.compile(rf' *+(?:"[^"]*+(?:""[^"]*+)*+"|(?!")[^{delimiter}\r\n]*+)')
    start = 0
    while found := cell.match(text, start):
        after = text[found.end() : found.end() + 1]
        if after != delimiter:
            return start if after.strip("\r\n") else None
        start = found.end() + 1
    return start


def _sheet(path: Path, data: bytes, encoding: str) -> tuple[_Sheet, _Layout]:
    """The file with the delimiter by which its heading row has an address column, and that row's layout."""
    sheet = _Sheet(path, data, encoding)
    delimiters: Iterable[str] = DELIMITERS
    if separator := _SEPARATOR_LINE.fullmatch(next(sheet.lines(), "")):
        if separator[1] not in DELIMITERS:
            raise SubscribersError(path, "sep= must name a comma, a semicolon or a tab", line=1)
        sheet, delimiters = replace(sheet, skip=1), separator[1]
    headings = next(filter(str.strip, sheet.lines()), None)
    if headings is None:
        raise SubscribersError(path, "is empty; its first row must name the columns, such as email,name,lang")
    failures = []
    for delimiter in sorted(delimiters, key=headings.count, reverse=True):
        candidate = replace(sheet, delimiter=delimiter)
        try:
            layout = _layout(candidate)
        except SubscribersError as error:
            failures.append(error)
        else:
            return replace(candidate, width=layout.width), layout
    raise failures[0]


def _layout(sheet: _Sheet) -> _Layout:
    """What the heading row says. Raises SubscribersError if it names no address, or something twice."""
    line, cells = next(sheet.records(), (1, []))
    headings = [_heading(cell) for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    columns = {column: _named(column, headings) for column in _SYNONYMS}
    if not columns["email"]:
        message = "no column for the address; the first row must name the columns, such as email,name,lang"
        raise SubscribersError(sheet.path, message, line=line)
    same = [[at for at, other in enumerate(headings) if heading and other == heading] for heading in headings]
    for twice in (*columns.values(), *same):
        if len(twice) > 1:
            message = f"columns {twice[0] + 1} and {twice[1] + 1} have one heading, or one meaning; rename one of them"
            raise SubscribersError(sheet.path, message, line=line)
    known = {at for found in columns.values() for at in found}
    return _Layout(
        address=columns["email"][0],
        name=next(iter(columns["name"]), None),
        lang=next(iter(columns["lang"]), None),
        further=tuple((at, text) for at, text in enumerate(headings) if text and at not in known),
        unheaded=tuple(at for at, text in enumerate(headings) if not text),
        width=len(headings),
    )


def _heading(cell: str) -> str:
    """A heading as columns are called by it: cleaned, in lower case (`DİL` as `dil`), single spaces."""
    text = unicodedata.normalize("NFC", clean(cell.strip("\ufeff")).lower().replace("i\u0307", "i"))
    return " ".join(text.split())


def _named(column: str, headings: list[str]) -> list[int]:
    """The indexes of the headings that name `column`: the plain one, or else its synonyms."""
    plain = [at for at, heading in enumerate(headings) if heading == column]
    words = [_JOINTS.sub("", heading) for heading in headings]
    return plain or [at for at, word in enumerate(words) if word in _SYNONYMS[column]]


def _readers(sheet: _Sheet, layout: _Layout) -> Iterator[Subscriber | BadRow]:
    for line, cells in islice(sheet.records(), 1, None):
        try:
            row: Subscriber | BadRow = _subscriber(line, cells, layout)
        except ValueError as error:
            row = BadRow(line, str(error))
        yield row


def _subscriber(line: int, cells: list[str], layout: _Layout) -> Subscriber:
    """The subscriber of a row, which may end early. Raises ValueError with the reason why it is none."""
    if len(cells) < layout.width:
        cells = cells + [""] * (layout.width - len(cells))
    if any(map(str.strip, cells[layout.width :])) or any(cells[at].strip() for at in layout.unheaded):
        raise ValueError("more cells than headings")
    address = parse_address(_uncovered(cells[layout.address]))
    name = "" if layout.name is None else clean_name(_uncovered(cells[layout.name]))
    lang = "" if layout.lang is None else parse_lang(cells[layout.lang])
    columns = {heading: clean(_uncovered(cells[at])) for at, heading in layout.further}
    for at, heading in layout.further:
        if len(columns[heading]) > LONGEST_CELL:
            raise ValueError(f"column {at + 1} is longer than {LONGEST_CELL:,} characters")
    return Subscriber(address, name, lang, columns, line)


def _uncovered(cell: str) -> str:
    """`cell` without the `'` that keeps a spreadsheet from calculating it."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and _COVERED.match(cell) else cell
