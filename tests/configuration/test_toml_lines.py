"""The line of each table and key in a TOML file."""

import pytest

from briefing.configuration.toml_lines import find_line, line_numbers

TEXT = """\
# [send]
top = 1

[newsletter]
name = "Brief"   # a comment
"from" = "brief@example.org"

[issue]
introduction = \"\"\"
[look]
title = "not a setting"
\"\"\"
sections = [
  "News",
  # "Statements",
]
title = "Brief"

[collect.names]
"example.org" = "Example Watch"

[ look ]
inline = { a.b = 1, c = 2 }
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("newsletter",), 4),
        (("newsletter", "name"), 5),
        (("newsletter", "from"), 6),
        (("issue", "introduction"), 9),
        (("issue", "sections"), 13),
        (("issue", "title"), 17),
        (("collect",), 19),
        (("collect", "names"), 19),
        (("collect", "names", "example.org"), 20),
        (("look",), 22),
        (("look", "inline"), 23),
        (("look", "inline", "a"), 23),
        (("look", "inline", "a", "b"), 23),
        (("look", "inline", "c"), 23),
    ],
)
def test_each_table_and_key_has_the_line_that_it_begins_on(
    path: tuple[str, ...], line: int
) -> None:
    assert line_numbers(TEXT)[path] == line


def test_comments_and_texts_are_not_mistaken_for_settings() -> None:
    lines = line_numbers(TEXT)
    assert ("send",) not in lines
    assert ("look", "title") not in lines
    assert len(lines) == 16


def test_the_first_mention_counts() -> None:
    lines = line_numbers(
        "send.via = 'smtp'\nsend.test = []\n[collect.names]\n[collect]\nproxy = ''\n"
    )
    assert (lines["send",], lines["send", "test"]) == (1, 2)
    assert (lines["collect",], lines["collect", "proxy"]) == (3, 5)


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("issue", "title"), 17),
        (("issue", "budget"), 8),
        (("check", "never"), None),
        ((), None),
    ],
)
def test_what_is_missing_is_found_where_it_would_be_written(
    keys: tuple[str, ...], line: int | None
) -> None:
    assert find_line(line_numbers(TEXT), keys) == line


def test_a_text_without_settings_has_no_lines() -> None:
    assert line_numbers("") == line_numbers("\n\n# nothing\n") == {}
