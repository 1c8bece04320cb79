"""A list is read completely or refused; each reader counts once; no message shows anything from it."""

import os
import subprocess
import sys
import traceback
import tracemalloc
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

import briefing.subscribers
from briefing.errors import NotFoundError, SubscribersError
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.subscriber_list import (
    BadRow,
    Duplicate,
    Readers,
    open_list,
)
from tests.subscribers.lists import (
    DELIMITERS,
    ENCODINGS,
    LINE_ENDS,
    encoded,
    read,
    read_or_error,
    written,
)

CANARY = "canary.7f3a"

ListOf = Callable[[str | bytes], Path]


@pytest.fixture
def listed(tmp_path: Path) -> ListOf:
    """Write a list, text as UTF-8, and return where it is."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "subscribers.csv"
        path.write_bytes(
            content.encode() if isinstance(content, str) else content
        )
        return path

    return write


def refusal(path: Path) -> SubscribersError:
    """How the list is refused: before its first row."""
    with pytest.raises(SubscribersError) as caught:
        open_list(path)
    return caught.value


def addresses(reading: Readers) -> list[str]:
    return [subscriber.address for subscriber in reading.subscribers]


class TestPeople:
    """What stands in the rows."""

    def test_columns_are_found_by_their_headings_in_any_order(
        self, listed: ListOf
    ) -> None:
        path = listed(
            "Tags,NAME,Lang , E-Mail\npress,Ann Lee,EN,ann@example.org\n,,,bob@example.org\n"
        )
        assert read(path).subscribers == (
            Subscriber(
                "ann@example.org", "Ann Lee", "en", {"tags": "press"}, line=2
            ),
            Subscriber("bob@example.org", "", "", {"tags": ""}, line=3),
        )

    @pytest.mark.parametrize("encoding", ENCODINGS)
    @pytest.mark.parametrize("above", ["", "sep={}", '"sep={}"'])
    def test_every_kind_of_file_gives_the_same_readers(
        self, listed: ListOf, encoding: str, above: str
    ) -> None:
        for delimiter, line_end in product(DELIMITERS, LINE_ENDS):
            text = (
                above.format(delimiter)
                + line_end * bool(above)
                + written(self.rows(line_end), delimiter, line_end)
            )
            readers = read(listed(encoded(text, encoding)))
            assert readers == self.readers(3 if above else 2), text

    @staticmethod
    def rows(line_end: str) -> list[list[str]]:
        return [
            ["email", "name", "lang", "address"],
            [
                "ann@example.org",
                "Zoë, “Ann” O’Neil; Weiß",
                "de",
                f"1 High St{line_end}London; GB, \t",
            ],
            ["bob@example.org", 'Bob "Bo" Söz', "", ""],
        ]

    @staticmethod
    def readers(first: int) -> Readers:
        """Who is in these rows, if the first of them is in a line."""
        ann = Subscriber(
            "ann@example.org",
            "Zoë, “Ann” O’Neil; Weiß",
            "de",
            {"address": "1 High St London; GB,"},
            first,
        )
        bob = Subscriber(
            "bob@example.org", 'Bob "Bo" Söz', "", {"address": ""}, first + 2
        )
        return Readers((ann, bob), (), ())

    @pytest.mark.parametrize(
        "headings",
        [
            "email,name,lang",
            "E-MAIL,Name,Language",
            "Email address,Full Name,Locale",
            "e-mail_address,NAME,LANG",
            "E-Mail-Adresse,Name,Sprache",
            "Mailadresse,Name,Sprache",
            "e-posta,ad,dil",
            "E-POSTA ADRESİ,İSİM,DİL",
            "E-Posta Adresi,Adı Soyadı,Dil",
            "电子邮件,姓名,语言",
            "邮箱,名字,語言",
            "ئېلخەت ئادرېسى,ئىسمى,تىلى",
        ],
    )
    def test_headings_are_known_in_five_languages(
        self, listed: ListOf, headings: str
    ) -> None:
        [ann] = read(
            listed(f"{headings}\nann@example.org,Ann,en\n")
        ).subscribers
        assert ann == Subscriber("ann@example.org", "Ann", "en", {}, 2)

    def test_the_plain_heading_wins_over_a_synonym(
        self, listed: ListOf
    ) -> None:
        [ann] = read(
            listed("mail,email\nby post,ann@example.org\n")
        ).subscribers
        assert (ann.address, ann.columns) == (
            "ann@example.org",
            {"mail": "by post"},
        )

    @pytest.mark.parametrize(
        "text",
        [
            "email\nann@example.org\nbob@example.org",
            "\n\nemail\r\rann@example.org\nbob@example.org",
        ],
    )
    def test_a_single_column_is_enough(self, listed: ListOf, text: str) -> None:
        assert addresses(read(listed(text))) == [
            "ann@example.org",
            "bob@example.org",
        ]

    @pytest.mark.parametrize(
        "text",
        [
            'email;"last, first, title"\nann@example.org;x',
            "email;name, first\nann@example.org;x",
            '"name;first",email\nx,ann@example.org',
            "email\tname, first; or so\nann@example.org\tx",
            "email\nann@example.org",
        ],
    )
    def test_the_delimiter_is_the_one_that_gives_an_address_column(
        self, listed: ListOf, text: str
    ) -> None:
        assert addresses(read(listed(text))) == ["ann@example.org"]

    def test_a_space_after_the_delimiter_is_not_part_of_the_cell(
        self, listed: ListOf
    ) -> None:
        [ann] = read(
            listed('email, name, lang\nann@example.org, "Lee, Ann", en\n')
        ).subscribers
        assert (ann.name, ann.lang) == ("Lee, Ann", "en")

    def test_empty_rows_short_rows_and_trailing_empty_cells_are_accepted(
        self, listed: ListOf
    ) -> None:
        path = listed(
            "email,name,\n,,\n\nann@example.org\n  ,\t,\nbob@example.org,Bob,,,, \n"
        )
        reading = read(path)
        assert [
            (row.line, row.address, row.name) for row in reading.subscribers
        ] == [
            (4, "ann@example.org", ""),
            (6, "bob@example.org", "Bob"),
        ]
        assert not reading.bad_rows

    @pytest.mark.parametrize(
        "text", ["email", "email,name\r\n", "sep=;\nemail;name\n\n;\n"]
    )
    def test_a_list_with_only_headings_is_empty(
        self, listed: ListOf, text: str
    ) -> None:
        assert read(listed(text)) == Readers((), (), ())

    def test_names_and_further_cells_are_cleaned(self, listed: ListOf) -> None:
        path = listed(
            'email,name,note\nann@example.org,"Ann\nBcc: eve",=?utf-8?q?=0ABcc:?=\n'
        )
        [ann] = read(path).subscribers
        assert (ann.name, ann.columns) == (
            "Ann Bcc: eve",
            {"note": "= ?utf-8?q?=0ABcc:?="},
        )

    @pytest.mark.parametrize(
        "value",
        [
            "-5",
            "+49 30 1234",
            "=1+1",
            "@home",
            "'=x",
            "''-",
            "'Abd",
            "a-'=b",
            "'",
        ],
    )
    def test_the_apostrophe_before_a_formula_is_removed(
        self, listed: ListOf, value: str
    ) -> None:
        exported = (
            f"'{value}"
            if value.lstrip("'")[:1] in {"=", "+", "-", "@"}
            else value
        )
        [ann] = read(
            listed(
                written(
                    [["email", "x"], ["ann@example.org", exported]], ",", "\n"
                )
            )
        ).subscribers
        assert ann.columns == {"x": value}

    def test_the_apostrophe_before_an_address_is_removed(
        self, listed: ListOf
    ) -> None:
        assert addresses(read(listed("email\n'+ann@example.org\n"))) == [
            "+ann@example.org"
        ]

    def test_a_list_can_be_read_from_a_pipe(self) -> None:
        """As in `--list <(age -d subscribers.csv.age)`: it is read once, and needn't be a file on a
        disk.
        """
        reading, writing = os.pipe()
        os.write(writing, b"email\nann@example.org\n")
        os.close(writing)
        try:
            assert addresses(read(Path(f"/dev/fd/{reading}"))) == [
                "ann@example.org"
            ]
        finally:
            os.close(reading)


class TestOpened:
    """What was counted is what is mailed: the file is read once."""

    TEXT = (
        'email,name\nann@example.org,"Ann\nLee"\nbob\n\nann@example.org,Annie\n'
    )

    def test_its_rows_can_be_read_again_even_at_the_same_time(
        self, listed: ListOf
    ) -> None:
        opened = open_list(listed(self.TEXT))
        rows = list(opened.rows())
        assert [(type(row), row.line) for row in rows] == [
            (Subscriber, 2),
            (BadRow, 4),
            (Subscriber, 6),
        ]
        assert list(opened.rows()) == rows
        assert list(zip(opened.rows(), opened.rows(), strict=True)) == list(
            zip(rows, rows, strict=True)
        )

    @pytest.mark.parametrize(
        "change", [Path.unlink, lambda path: path.write_text("name\n")]
    )
    def test_its_rows_stay_the_same_when_the_file_changes(
        self, listed: ListOf, change: Callable[[Path], None]
    ) -> None:
        path = listed(self.TEXT)
        opened = open_list(path)
        rows = list(opened.rows())
        change(path)
        assert list(opened.rows()) == rows
        assert opened.name == str(path)

    def test_a_broken_list_has_no_rows(self, listed: ListOf) -> None:
        with pytest.raises(SubscribersError):
            open_list(listed(self.TEXT + 'cid@example.org,"Cid\n'))

    def test_its_repr_shows_no_one(self, listed: ListOf) -> None:
        assert CANARY not in repr(
            open_list(listed(f"email\n{CANARY}@example.org\n"))
        )

    def test_it_does_not_keep_readers_in_memory(self, listed: ListOf) -> None:
        rows = "".join(f"reader{n}@example.org\n" for n in range(20_000))
        tracemalloc.start()
        try:
            opened = open_list(listed(f"email\n{rows}"))
            tracemalloc.reset_peak()
            assert sum(1 for _ in opened.rows()) == 20_000
            assert tracemalloc.get_traced_memory()[1] < 2 * len(rows)
        finally:
            tracemalloc.stop()


class TestOnce:
    """The first row of a reader wins."""

    def test_duplicates_are_reported_with_the_first_row(
        self, listed: ListOf
    ) -> None:
        path = listed(
            "email,name\nann@bücher.example.org,Ann\nbob@example.org,Bob\n"
            "mailto:ANN@xn--bcher-kva.example.org,Annie\nann+news@bücher.example.org,\nBob@Example.org,\nBOB@example.org,\n"
        )
        reading = read(path)
        assert [(row.line, row.name) for row in reading.subscribers] == [
            (2, "Ann"),
            (3, "Bob"),
            (5, ""),
        ]
        assert reading.duplicates == (
            Duplicate(4, 2),
            Duplicate(6, 3),
            Duplicate(7, 3),
        )

    def test_rows_are_numbered_by_the_lines_of_the_file(
        self, listed: ListOf
    ) -> None:
        path = listed(
            'sep=,\r\n\r\nemail,note\r\na@example.org,"1\r\n2\n3"\r\n\r\nb\r\na@example.org,\r\n'
        )
        reading = read(path)
        assert reading.bad_rows == (BadRow(8, "the address has no @"),)
        assert reading.duplicates == (Duplicate(9, 4),)


class TestBadRows:
    """Named by row and reason; all others are read."""

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            (",Ann,en", "there is no address"),
            ("ann,Ann,en", "the address has no @"),
            ("'-ann@example.org,Ann,en", "the address begins with a hyphen"),
            (
                "ann@exаmple.org,Ann,en",
                "the domain mixes letters of different scripts, as look-alike addresses do",
            ),
            (
                "ann@example.org,Ann,English",
                "the language isn't a code such as de or zh",
            ),
            (
                "ann@example.org,Lee, Anna,en",
                "the language isn't a code such as de or zh",
            ),
            (
                "ann@example.org,Ann,en,,under no heading",
                "it has more cells than the first row has headings",
            ),
            (
                "ann@example.org,Ann,en," + "x" * 2_001,
                "column 4 is longer than 2,000 characters",
            ),
        ],
    )
    def test_a_bad_row_is_skipped(
        self, listed: ListOf, row: str, reason: str
    ) -> None:
        reading = read(
            listed(
                f"email,name,lang,note,\nbob@example.org,,,\n{row}\ncid@example.org\n"
            )
        )
        assert addresses(reading) == ["bob@example.org", "cid@example.org"]
        assert reading.bad_rows == (BadRow(3, reason),)

    def test_a_row_with_more_cells_than_headings_is_bad(
        self, listed: ListOf
    ) -> None:
        reading = read(listed("email,name\nann@example.org,Lee, Ann\n"))
        assert reading == Readers(
            (),
            (BadRow(2, "it has more cells than the first row has headings"),),
            (),
        )

    def test_bad_rows_come_in_the_order_of_the_file(
        self, listed: ListOf
    ) -> None:
        rows = open_list(listed("email\nann\nbob@example.org\ncid\n")).rows()
        assert [(type(row), row.line) for row in rows] == [
            (BadRow, 2),
            (Subscriber, 3),
            (BadRow, 4),
        ]


class TestQuotes:
    """A quote that isn't closed swallows the readers below it, so the list is refused whole, with
    the quote's line.
    """

    ROWS = "".join(f"reader{n}@example.org,Reader {n}\n" for n in range(1_000))

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ('email,name\nann@example.org,"Ann\n' + ROWS, 2),
            ("email,name\n" + ROWS + 'ann@example.org,"Ann', 1_002),
            ("email,name\n" + ROWS + 'ann@example.org,"Ann\n' + ROWS, 1_002),
            ('email,"name\n' + ROWS, 1),
            ('email\n"ann@example.org\nbob@example.org\n', 2),
            # Longer than the csv module takes for a cell, so that it stops before the end.
            ('email,name\nann@example.org,"Ann\n' + ROWS * 20, 2),
            # The row is named, though the quote stands on its second line.
            (
                'email,note,name\nann@example.org,"1 High St\nLondon", "Ann\n'
                + ROWS,
                2,
            ),
        ],
    )
    def test_a_quote_that_is_never_closed_is_an_error(
        self, listed: ListOf, text: str, line: int
    ) -> None:
        error = refusal(listed(text))
        assert (error.line, "quote opens here" in str(error)) == (line, True)

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            # Closed by the quote that opens a later cell: text follows it.
            (
                'email,name\nann@example.org,"Ann\nbob@example.org,Bob\ncid@example.org,"Cid"\n',
                2,
            ),
            # Closed by a stray quote at a cell's end: the rows between are one well-formed cell.
            (
                'email,name\nann@example.org,"Ann\nbob@example.org,Bob"\ncid@example.org,Cid\n',
                2,
            ),
            (
                'name,email\n"Ann,ann@example.org\nBob",bob@example.org\ncid,cid@example.org\n',
                2,
            ),
            (
                'email,note,name\nann@example.org,"1 High St\nLondon","Ann\nbob@example.org,x,Bob"\n',
                3,
            ),
            ('email,"name\nann@example.org,Ann"\nbob@example.org,Bob\n', 1),
            # Closed before the later row's address: no address in the cell, but two in the row.
            (
                'name,email,tag\nAnn,ann@example.org,"press\nBob",bob@example.org,press\n',
                2,
            ),
            ('email\r"ann@example.org\rbob@example.org"\r', 2),
        ],
    )
    def test_a_quote_closed_by_another_row_is_an_error(
        self, listed: ListOf, text: str, line: int
    ) -> None:
        error = refusal(listed(text))
        assert (error.line, "quote opens here" in str(error)) == (line, True)

    def test_text_after_a_closing_quote_is_an_error(
        self, listed: ListOf
    ) -> None:
        error = refusal(
            listed(
                'email,name\nbob@example.org,Bob\nann@example.org,"Ann" Lee\n'
            )
        )
        assert (error.line, "quote opens here" in str(error)) == (3, True)

    def test_quotes_in_a_cell_and_lines_in_quotes_are_accepted(
        self, listed: ListOf
    ) -> None:
        text = 'email,name,address\n"ann@example.org\n",Ann "The" Lee,"1 ""High"" St, Flat 2\n\nLondon"\n'
        [ann] = read(listed(text)).subscribers
        assert (ann.address, ann.name, ann.columns["address"]) == (
            "ann@example.org",
            'Ann "The" Lee',
            '1 "High" St, Flat 2 London',
        )


class TestRefusedFiles:
    """One named error with a remedy, before the first row."""

    @pytest.mark.parametrize(
        ("content", "line", "message"),
        [
            (b"", None, "is empty"),
            (b"\xef\xbb\xbf", None, "is empty"),
            (b" \r\n\r\n", None, "is empty"),
            (b"sep=;\r\n", None, "is empty"),
            (b"sep=|\r\nemail|name\r\n", 1, "sep="),
            (b"\nann@example.org,Ann\n", 2, "there is no column for addresses"),
            (b",,,\n", 1, "there is no column for addresses"),
            (b"name,lang\n", 1, "there is no column for addresses"),
            (b"email,name,Name\n", 1, "columns 2 and 3"),
            (b"email,note,x,NOTE \n", 1, "columns 2 and 4"),
            (b"e-mail,mail\n", 1, "columns 1 and 2"),
            (b"email,name\nann@example.org,A\x00nn\n", 2, "NUL"),
            ("email,name\n".encode("utf-16-le"), 1, "NUL"),
            ("email,name\n".encode("utf-32"), 1, "NUL"),
            (
                b"email,name\r\nann@example.org,Ann\r\nbob@example.org,B\x81b\r\n",
                3,
                "can't be decoded",
            ),
            (
                b"\xef\xbb\xbfemail,name\rann@example.org,Zo\xeb\r",
                2,
                "can't be decoded",
            ),
            (
                "email,name\na@example.org,Çağlar\n".encode()
                + b"b@example.org,Zo\xeb\n",
                3,
                "can't be decoded",
            ),
            (
                "email\nann@example.org\n".encode("utf-16")[:-1],
                2,
                "can't be decoded",
            ),
            (
                b"email,name\nann@example.org," + b"x" * 131_073 + b"\n",
                2,
                "longer than 131,072 characters",
            ),
            (
                b'email,name\nann@example.org,"' + b"x" * 131_073 + b'"\n',
                2,
                "longer than 131,072 characters",
            ),
            (
                b"email,name\n\nann@example.org" + b"," * 10_000_000,
                3,
                "too long",
            ),
            (b"email" + b"," * 10_000_000, 1, "too long"),
            (b"email" + b",c" * 1_000 + b"\n", 1, "more than 1,000 columns"),
            (b"PK\x03\x04\x14\x00", None, "spreadsheet"),
        ],
    )
    def test_the_error_names_the_line_and_what_to_do(
        self, listed: ListOf, content: bytes, line: int | None, message: str
    ) -> None:
        error = refusal(listed(content))
        assert (error.line, message in str(error)) == (line, True), str(error)
        assert "subscribers.csv" in str(error)

    def test_a_missing_list_is_reported(self, tmp_path: Path) -> None:
        with pytest.raises(NotFoundError, match="subscribers add"):
            open_list(tmp_path / "nobody.csv")

    def test_a_folder_is_not_a_list(self, tmp_path: Path) -> None:
        assert "is a folder" in str(refusal(tmp_path))

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_a_list_that_is_not_readable(self, listed: ListOf) -> None:
        path = listed("email\n")
        path.chmod(0)
        assert "can't be read (Permission denied)" in str(refusal(path))

    def test_a_list_below_a_file(self, listed: ListOf) -> None:
        assert "can't be read" in str(
            refusal(listed("email\n") / "subscribers.csv")
        )


@pytest.mark.parametrize(
    "content",
    [
        f"{CANARY}@example.org,{CANARY}\n",
        f"email,name\nann@example.org,{CANARY}\0\n",
        f'email,name\n{CANARY}@example.org,"{CANARY}\n',
        f'email,name\nann@example.org,"{CANARY}\n{CANARY}@example.org,x"\n',
        f'email,name\n{CANARY}@example.org,"{CANARY}" {CANARY}\n',
        f"email,{CANARY}@example.org,{CANARY}@example.org\n",
        f"email,name\n{CANARY}@example.org,Çağlar\n".encode() + b"\xeb",
        f"email\n{CANARY}\n{CANARY}@ex_ample.org\n..{CANARY}@example.org\n{CANARY}@exаmple.org\n{CANARY}@x@y.org\n",
        f"email,lang\n{CANARY}@example.org,{CANARY}\n",
        f"email\n{CANARY}@example.org,{CANARY}\n",
        f"email,x\n{CANARY}@example.org,{CANARY * 400}\n",
        f"email,x\n{CANARY}@example.org,{CANARY * 40_000}\n",
    ],
)
def test_no_message_shows_anyone(listed: ListOf, content: str | bytes) -> None:
    """Neither in an error, nor in its traceback, nor in what it was raised from, nor in what is
    read.
    """
    result = read_or_error(listed(content))
    if isinstance(result, Readers):
        assert result.bad_rows
        shown = repr(result)
    else:
        assert result.__context__ is None
        shown = "".join(traceback.format_exception(result)) + repr(result)
    assert CANARY not in shown


def test_nothing_guesses_the_delimiter_by_statistics() -> None:
    """`csv`'s own guesser picks letters where there is one column."""
    for module in Path(briefing.subscribers.__path__[0]).glob("*.py"):
        assert "Sniffer" not in module.read_text(encoding="utf-8")


def test_plain_addresses_are_read_without_the_slow_validator(
    listed: ListOf,
) -> None:
    """It is forty times as slow; a list of a million readers would take minutes."""
    path = listed(
        "email,name,lang\nreader.one+news@mail.example.org,Reader,en\nREADER_2@Example.ORG,,\n"
    )
    code = (
        "import sys; from pathlib import Path; from briefing.subscribers.subscriber_list import open_list\n"
        "print(len(list(open_list(Path(sys.argv[1])).rows())), 'email_validator' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(path)]
    printed = subprocess.run(
        command, check=True, capture_output=True, text=True
    ).stdout
    assert printed == "2 False\n"


def test_a_file_is_named_as_a_person_would_type_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lists" / "subscribers.csv"
    path.parent.mkdir()
    path.write_text("email\nann@example.org\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    subscribers = open_list(path)
    assert subscribers.name == "lists/subscribers.csv"
    assert [row.line for row in subscribers.rows()] == [2]


def test_a_list_is_checked_to_its_end_before_or_while_its_rows_are_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "subscribers.csv"
    path.write_text('email,name\nann@example.org,Ann\nbob@example.org,"Bob')
    with pytest.raises(SubscribersError, match="a quote opens here"):
        open_list(path)
    rows = open_list(path, checked=False).rows()
    assert next(rows).line == 2
    with pytest.raises(SubscribersError, match="a quote opens here"):
        next(rows)
