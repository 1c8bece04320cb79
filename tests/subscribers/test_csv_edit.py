"""What is read after a change to a list is the old rows with the change."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.errors import RefusedError, SubscribersError
from briefing.subscribers.csv_edit import changed_list
from briefing.subscribers.reader_changes import Add, Move, ReaderChange, Set
from briefing.subscribers.subscriber import Subscriber, clean, clean_name
from briefing.subscribers.subscriber_list import (
    BadRow,
    SubscriberList,
    parse_list,
)
from tests import examples
from tests.subscribers.lists import (
    DELIMITERS,
    ENCODINGS,
    LINE_ENDS,
    encoded,
    written,
)

PATH = Path("subscribers.csv")
ANN, BOB, CID = "ann@example.org", "bob@example.org", "cid@example.org"


def parsed(content: str | bytes) -> SubscriberList:
    data = content.encode() if isinstance(content, str) else content
    return parse_list(PATH, data)


def changed(content: str, *changes: ReaderChange) -> str:
    return changed_list(parsed(content), changes).data.decode()


def refusal(content: str | bytes, *changes: ReaderChange) -> str:
    with pytest.raises(RefusedError) as caught:
        changed_list(parsed(content), changes)
    return str(caught.value)


class TestSetting:
    def test_other_cells_stay(self) -> None:
        before = (
            f'email , name,  "city"\n{ANN},  "Lee, Ann","Bonn, NW"\n{BOB},Bob\n'
        )
        after = f'email ,name,city\n{ANN},Ann Lee,"Bonn, NW"\n{BOB},Bob\n'
        assert changed(before, Set(ANN, "name", "Ann Lee")) == after

    def test_a_cell_is_quoted_where_it_must_be(self) -> None:
        before = f"email;name\n{ANN};Ann\n"
        after = f'email;name\n{ANN};"Ann ""A"" Lee, Dr"\n'
        assert changed(before, Set(ANN, "name", 'Ann "A" Lee, Dr')) == after

    def test_a_short_row_gets_the_cells_before_it(self) -> None:
        before = f"email,name,lang,tags\n{ANN}\n"
        after = f"email,name,lang,tags\n{ANN},,,press\n"
        assert changed(before, Set(ANN, "tags", "press")) == after

    def test_a_missing_column_is_added_behind_the_others(self) -> None:
        before = f"email,name\r\n{ANN},Ann\r\n{BOB}\r\n"
        after = f"email,name,lang\r\n{ANN},Ann,de\r\n{BOB}\r\n"
        assert changed(before, Set(ANN, "lang", "de")) == after

    def test_a_surplus_cell_gets_no_heading_by_it(self) -> None:
        before = f"email,name\n{ANN},Ann\n{BOB},Bob,surplus\n"
        after = f"email,name,,lang\n{ANN},Ann,,de\n{BOB},Bob,surplus\n"
        assert changed(before, Set(ANN, "lang", "de")) == after

    def test_the_language_is_written_under_the_heading_that_the_list_has(
        self,
    ) -> None:
        before = f"Mail,Sprache\n{ANN},en\n"
        assert changed(before, Set(ANN, "lang", "de")).endswith(",de\n")

    def test_a_whole_name_stands_in_one_of_two_columns(self) -> None:
        before = f"email,first name,last name\n{ANN},Ann,Lee\n"
        after = f"email,first name,last name\n{ANN},Ann Moor,\n"
        assert changed(before, Set(ANN, "name", "Ann Moor")) == after

    def test_the_first_of_several_rows_changes_since_it_counts(self) -> None:
        before = f"email,name\n{ANN},Ann\n{ANN},Annie\n"
        after = f"email,name\n{ANN},A\n{ANN},Annie\n"
        assert changed(before, Set(ANN, "name", "A")) == after

    def test_a_row_with_an_unusable_language_can_be_corrected(self) -> None:
        before = f"email,lang\n{ANN},German\n"
        assert changed(before, Set(ANN, "lang", "de")).endswith(",de\n")

    def test_a_formula_is_written_as_text(self) -> None:
        after = changed(f"email,name\n{ANN},\n", Set(ANN, "name", "=1+1"))
        assert after.endswith(",'=1+1\n")
        [ann] = parsed(after).rows()
        assert isinstance(ann, Subscriber)
        assert ann.name == "=1+1"


class TestMoving:
    def test_every_row_of_the_reader_changes(self) -> None:
        before = f"email,name\n{ANN},Ann\n{BOB},\nANN@example.org,Annie\n"
        after = f"email,name\n{CID},Ann\n{BOB},\n{CID},Annie\n"
        assert changed(before, Move(ANN, CID)) == after

    def test_an_address_can_be_spelt_differently(self) -> None:
        before = f"email\n{ANN}\n"
        assert changed(before, Move(ANN, "Ann@example.org")) == (
            "email\nAnn@example.org\n"
        )

    def test_other_changes_name_the_reader_by_the_address_before(self) -> None:
        changes = (Move(ANN, CID), Set(ANN, "name", "Cid"))
        assert changed(f"email,name\n{ANN},Ann\n", *changes) == (
            f"email,name\n{CID},Cid\n"
        )


class TestAdding:
    def test_a_row_is_added_at_the_end(self) -> None:
        added = Add(CID, {"name": "Cid", "lang": "de", "tags": "a, b"})
        before = f"tags,Lang,Name,E-Mail\n,,,{ANN}\n"
        assert changed(before, added) == before + f'"a, b",de,Cid,{CID}\n'

    def test_the_last_line_gets_the_end_that_it_lacks(self) -> None:
        assert changed(f"email\r\n{ANN}", Add(CID)) == (
            f"email\r\n{ANN}\r\n{CID}\r\n"
        )

    def test_missing_columns_are_added(self) -> None:
        added = Add(CID, {"lang": "de", "joined": "2020-10-09"})
        assert changed("email\n", added) == (
            f"email,lang,joined\n{CID},de,2020-10-09\n"
        )

    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize(
        "codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16"]
    )
    def test_the_form_of_the_list_stays(
        self, line_end: str, delimiter: str, codec: str
    ) -> None:
        rows = ["email,name", f"{ANN},Zoë", f'{BOB},"Bob, Dr"']
        text = line_end.join([*rows, ""]).replace(",", delimiter)
        text = text.replace(f"Bob{delimiter} ", "Bob, ")
        after = changed_list(parsed(text.encode(codec)), [Add(CID)])
        added = f"{CID}{delimiter}{line_end}"
        wanted = text if delimiter == "," else text.replace('"', "")
        assert after.data == f"{wanted}{added}".encode(codec)

    def test_a_line_for_excel_stays(self) -> None:
        before = f"sep=;\r\nemail;name\r\n{ANN};\r\n"
        assert changed(before, Add(CID)) == before + f"{CID};\r\n"

    @pytest.mark.parametrize("note", [" indented", "two\rlines"])
    def test_what_needs_quotes_stays(self, note: str) -> None:
        before = f'email,note\n{ANN},"{note}"\n'
        after = f'"email","note"\n"{ANN}","{note}"\n"{CID}",""\n'
        assert changed(before, Add(CID)) == after


class TestRefusals:
    def test_letters_that_the_encoding_lacks(self) -> None:
        content = f"email,name\n{ANN},Zoë\n".encode("cp1252")
        message = refusal(content, Set(ANN, "name", "Łucja"))
        assert "is saved in Windows-1252, which lacks letters" in message

    def test_a_change_after_which_other_rows_would_be_read_differently(
        self,
    ) -> None:
        """With the new name most of the letters would make a valid UTF-8 text."""
        content = f"email,name\n{ANN},Zoë\n{BOB},\n".encode("cp1252")
        message = refusal(content, Set(BOB, "name", "Ã©Ã©Ã©Ã©"))
        assert "its encoding is unclear" in message

    def test_a_repr_shows_no_one(self) -> None:
        changes = [Add(ANN), Move(ANN, BOB), Set(ANN, "name", CID)]
        assert "@" not in repr(changes)


ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.text(ANY.filter(lambda char: char not in "@\n\r"), max_size=8)
LOCALS = st.text("abcd0123_+ü=", min_size=1, max_size=6).filter(
    lambda local: not local.startswith("-")
)


@dataclass(frozen=True)
class Made:
    """A list in any form: its rows as text, and the readers' addresses by the row's number."""

    rows: list[str]
    encoding: str
    addresses: dict[int, str]

    @property
    def content(self) -> bytes:
        return encoded("".join(self.rows), self.encoding)


@st.composite
def lists(draw: st.DrawFn) -> Made:
    """Lists with short rows, empty rows, and rows without an address."""
    line_end = draw(st.sampled_from(LINE_ENDS))
    delimiter = draw(st.sampled_from(DELIMITERS))
    rows = [written([["note", "email", "name"]], delimiter, line_end)]
    addresses: dict[int, str] = {}
    for local in draw(st.lists(LOCALS, unique_by=str.casefold, max_size=4)):
        rows += draw(st.sampled_from([[], [line_end], [f"x{line_end}"]]))
        addresses[len(rows)] = address = f"{local}@example.org"
        cells = [draw(TEXTS), address, draw(TEXTS)]
        cells = cells[: draw(st.integers(2, 3))]
        rows.append(written([cells], delimiter, line_end))
    if draw(st.booleans()):
        rows[-1] = rows[-1].removesuffix(line_end)
    return Made(rows, draw(st.sampled_from(ENCODINGS[:-1])), addresses)


@st.composite
def changes_to(draw: st.DrawFn, addresses: list[str]) -> list[ReaderChange]:
    """Changes to the readers with these addresses, and new ones."""
    changes: list[ReaderChange] = []
    for address in addresses:
        identity = Subscriber(address).identity
        kind = draw(st.integers(0, 5))
        if kind == 0:
            changes.append(Move(identity, f"moved.{address}"))
        elif kind == 1:
            changes.append(Set(identity, "name", clean_name(draw(TEXTS))))
        elif kind == 2:
            changes.append(Set(identity, "city", clean(draw(TEXTS))))
    for number in range(draw(st.integers(0, 2))):
        name, city = clean_name(draw(TEXTS)), clean(draw(TEXTS))
        columns = {"name": name, "city": city}
        written = {column: text for column, text in columns.items() if text}
        changes.append(Add(f"new{number}@example.net", written))
    return changes


def without_rows(rows: list[Subscriber | BadRow]) -> list[object]:
    """What was read, without line numbers and empty cells."""
    found: list[object] = []
    for row in rows:
        if isinstance(row, BadRow):
            found.append(row.reason)
        else:
            columns = {key: cell for key, cell in row.columns.items() if cell}
            found.append(replace(row, line=0, columns=columns))
    return found


def with_change(reader: Subscriber, change: ReaderChange) -> Subscriber:
    if isinstance(change, Move):
        return replace(reader, address=change.address)
    assert isinstance(change, Set)
    if change.column == "name":
        return replace(reader, name=change.value)
    columns = {**reader.columns, change.column: change.value}
    return replace(reader, columns=columns)


def expected(
    rows: list[Subscriber | BadRow], changes: list[ReaderChange]
) -> list[Subscriber | BadRow]:
    by_reader = {
        change.identity: change
        for change in changes
        if not isinstance(change, Add)
    }
    after: list[Subscriber | BadRow] = []
    for row in rows:
        change = None
        if isinstance(row, Subscriber):
            change = by_reader.get(row.identity)
        if change and isinstance(row, Subscriber):
            after.append(with_change(row, change))
        else:
            after.append(row)
    for each in changes:
        if isinstance(each, Add):
            columns = dict(each.columns)
            name = columns.pop("name", "")
            after.append(Subscriber(each.address, name, columns=columns))
    return after


@settings(deadline=None, max_examples=examples(3))
@given(st.data())
def test_what_is_read_afterwards_is_the_old_rows_with_the_changes(
    data: st.DataObject,
) -> None:
    made = data.draw(lists())
    changes = data.draw(changes_to(list(made.addresses.values())))
    before = parsed(made.content)
    after = changed_list(before, changes)
    wanted = expected(list(before.rows()), changes)
    assert without_rows(list(after.rows())) == without_rows(wanted)


CELLS = st.text("ab ,;\t\"'\r\n=@.é", max_size=60)


@settings(deadline=None)
@given(
    st.sampled_from(["email,name\n", '"email";"name"\r\n', "email\n"]), CELLS
)
def test_any_list_that_can_be_read_can_be_changed(
    headings: str, cells: str
) -> None:
    """Or it is refused; a row that the change isn't about is read as before."""
    try:
        before = parsed(f"{headings}{ANN}\n{cells}")
    except SubscribersError:
        return
    rows = list(before.rows())
    changes: list[ReaderChange] = [
        Set(ANN, "name", "A;n,n"),
        Add(CID, {"name": "=C"}),
    ]
    after = changed_list(before, changes)
    wanted = expected(rows, changes)
    assert without_rows(list(after.rows())) == without_rows(wanted)
