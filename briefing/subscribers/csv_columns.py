"""Find the columns of a CSV list by their headings, and read its rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from briefing.text.normal_forms import normalized

from .names import join_name
from .subscriber import (
    Subscriber,
    clean,
    clean_name,
    parse_address,
    parse_lang,
    plain_address,
)

MOST_COLUMNS = 1_000
"""A row with fewer cells is filled up, so a short file with more columns could take minutes."""
LONGEST_CELL = 2_000
"""The most characters in a cell of any other column. Longer ones are refused: cutting them could
drop a tag unnoticed.
"""

# The names of the columns in English, German, Turkish, Uyghur and Chinese, without spaces, hyphens
# and underscores.
_HEADINGS = {
    "email": """email emailaddress mail mailaddress
        emailadresse mailadresse eposta epostaadresi emailadresi mailadresi
        ئېلخەت ئېلخەتئادرېسى
        电子邮件 电子邮件地址 邮件地址 电子邮箱 邮箱 邮箱地址 電子郵件 電子郵件地址 電子郵箱
        email1value""",  # as Google exports contacts
    "name": """name fullname vollständigername ad adı adi adsoyad adısoyadı adisoyadi isim
        ئىسىم ئىسمى 姓名 名字""",
    # FNAME and LNAME are Mailchimp's, FIRSTNAME and VORNAME Brevo's, "Given Name" Google's.
    "firstname": """firstname fname givenname forename vorname rufname 名""",
    "lastname": """lastname lname surname familyname nachname familienname zuname
        soyad soyadı soyadi soyisim soyismi فامىلە فامىلىسى 姓 姓氏""",
    "lang": "lang language locale sprache dil تىل تىلى 语言 語言",
}
_JOINTS = str.maketrans("", "", " _-\u2010\u200e\u200f")
_FORMULA_STARTS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Columns:
    """The meaning of the cells of a row, by index."""

    address: int
    name: int | None
    first: int | None
    """First names, where they are apart from last names."""
    last: int | None
    lang: int | None
    others: tuple[tuple[int, str], ...]
    """Index and heading of each other column, those of first and last names among them."""
    unheaded: tuple[int, ...]
    width: int
    """The number of columns up to the last one with a heading."""


NO_COLUMNS = Columns(0, None, None, None, None, (), (), 0)
"""Those of a list whose heading row hasn't been read yet."""


def find_columns(cells: Sequence[str]) -> Columns:
    """Return the columns that a heading row names.

    Raises ValueError with the reason if it names no address column, or two columns of the same name
    or meaning, or more than MOST_COLUMNS.
    """
    headings = _headings(cells)
    if len(headings) > MOST_COLUMNS:
        raise ValueError(
            f"there are more than {MOST_COLUMNS:,} columns; delete those that the newsletter doesn't need"
        )
    address = _find("email", headings)
    if address is None:
        raise ValueError(
            "there is no column for addresses; name the columns in the first row, such as email,name,lang"
        )
    name = _find("name", headings)
    first = _find("firstname", headings)
    last = _find("lastname", headings)
    lang = _find("lang", headings)
    _refuse_twins(headings)
    others: list[tuple[int, str]] = []
    unheaded: list[int] = []
    for index, heading in enumerate(headings):
        if not heading:
            unheaded.append(index)
        elif index not in {address, name, lang}:
            others.append((index, heading))
    if last is not None and first is None:
        first = name
        name = None
    elif first is not None and last is None:
        last = name
        name = None
    return Columns(
        address,
        name,
        first,
        last,
        lang,
        tuple(others),
        tuple(unheaded),
        len(headings),
    )


def read_row(line: int, cells: list[str], columns: Columns) -> Subscriber:
    """Return the subscriber of a row; missing cells at its end count as empty. Raises ValueError
    with the reason.
    """
    if len(cells) < columns.width:
        cells = cells + [""] * (columns.width - len(cells))
    if len(cells) > columns.width or columns.unheaded:
        _refuse_unheaded(cells, columns)
    address = _address(cells[columns.address])
    lang = "" if columns.lang is None else parse_lang(cells[columns.lang])
    name = _name(cells, columns.name)
    if not name and (columns.first is not None or columns.last is not None):
        first = _name(cells, columns.first)
        last = _name(cells, columns.last)
        name = clean_name(join_name(first, last, lang))
    others: dict[str, str] = {}
    for index, heading in columns.others:
        text = clean(_unescape_formula(cells[index]))
        if len(text) > LONGEST_CELL:
            raise ValueError(
                f"column {index + 1} is longer than {LONGEST_CELL:,} characters"
            )
        others[heading] = text
    return Subscriber(address, name, lang, others, line)


def row_address(cells: Sequence[str], columns: Columns) -> str:
    """Return the address in a row. Raises ValueError with the reason if there is none."""
    index = columns.address
    return _address(cells[index] if index < len(cells) else "")


def find_column(heading: str, columns: Columns) -> int | None:
    """Return the index of the column with a heading, in any spelling of it; None if there is none.

    `lang` and `name` are those that the list uses as such, whatever their headings.
    """
    wanted = clean_heading(heading)
    if wanted == "lang" and columns.lang is not None:
        return columns.lang
    if wanted == "name" and columns.name is not None:
        return columns.name
    for index, known in columns.others:
        if known == wanted:
            return index
    return None


def escape_formula(text: str) -> str:
    """Return what to write into a cell: an apostrophe, which reading removes, goes before a text that a
    spreadsheet would take for a formula.
    """
    if text.lstrip("'").startswith(_FORMULA_STARTS):
        return f"'{text}"
    return text


def _address(cell: str) -> str:
    """Return the address in a cell. Raises ValueError with the reason if there is none."""
    # A plain one has no apostrophe.
    return plain_address(cell) or parse_address(_unescape_formula(cell))


def _name(cells: Sequence[str], index: int | None) -> str:
    return "" if index is None else clean_name(_unescape_formula(cells[index]))


def _refuse_unheaded(cells: list[str], columns: Columns) -> None:
    unheaded = cells[columns.width :]
    unheaded += [cells[index] for index in columns.unheaded]
    if any(map(str.strip, unheaded)):
        raise ValueError("it has more cells than the first row has headings")


def _headings(cells: Sequence[str]) -> list[str]:
    """Return the headings in the form for comparison, without empty ones at the end."""
    headings = list(map(clean_heading, cells))
    while headings and not headings[-1]:
        headings.pop()
    return headings


def clean_heading(cell: str) -> str:
    """Return a heading cleaned, in lower case and with single spaces."""
    lower = clean(cell.strip("\ufeff")).lower()
    # What Python makes of the Turkish capital İ.
    dotted = lower.replace("i\u0307", "i")
    return " ".join(normalized("NFC", dotted).split())


def _find(column: str, headings: Sequence[str]) -> int | None:
    """Return the index of a column: the one with exactly this heading, else the one with a synonym."""
    found = _indexes(headings, {column})
    if not found:
        words = [heading.translate(_JOINTS) for heading in headings]
        found = _indexes(words, _HEADINGS[column].split())
    if len(found) > 1:
        raise _twins_error(found[0], found[1])
    return found[0] if found else None


def _indexes(headings: Sequence[str], wanted: Collection[str]) -> list[int]:
    return [
        index for index, heading in enumerate(headings) if heading in wanted
    ]


def _refuse_twins(headings: Sequence[str]) -> None:
    indexes: dict[str, int] = {}
    for index, heading in enumerate(headings):
        first = indexes.setdefault(heading, index)
        if heading and first != index:
            raise _twins_error(first, index)


def _twins_error(first: int, second: int) -> ValueError:
    return ValueError(
        f"columns {first + 1} and {second + 1} have the same heading or meaning; rename one of them"
    )


def _unescape_formula(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    cell = cell.strip()
    if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA_STARTS):
        return cell[1:]
    return cell
