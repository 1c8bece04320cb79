"""Where the parts of an issue are in its email, and how much of it they take."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from briefing.issue import markdown
from briefing.issue.parts import Parts
from briefing.preview.mail.parts_in_mail import (
    ABOVE,
    BELOW,
    STYLES,
    part_sizes,
    with_part_marks,
)

ISSUE = """\
# Weekly Brief

### A ruling

Its text.

## News & views

### “Maps”: 2 lost

###

The river has no bridge.
"""

MAIL = (
    "<html><head><style>p {}</style></head><body><h1>Weekly Brief</h1><li>A ruling</li>"
    '<h2 class="headline"><span>Press release</span><br><a href="x">A&nbsp;ruling</a></h2><p>Its text.</p>'
    "<h2>News &amp; views</h2><h3>\u2068“Maps”: 2\u2069 lost</h3><p>The <i>river</i> has no bridge.</p>"
    '<div class="footer"><p>Bye</p></div></body></html>'
)


def parts(text: str = ISSUE) -> Parts:
    issue, _ = markdown.read_draft(text, Path("issue.md"))
    return Parts.number(issue)


def test_each_part_is_marked_at_its_heading_or_else_at_its_text() -> None:
    first, section, second, third = _ids(parts())
    assert with_part_marks(MAIL, parts()) == (
        "<html><head><style>p {}</style></head><body><h1>Weekly Brief</h1><li>A ruling</li>"
        f'<h2 data-part="{first}" class="headline"><span>Press release</span><br><a href="x">A&nbsp;ruling</a></h2>'
        "<p>Its text.</p>"
        f'<h2 data-part="{section}">News &amp; views</h2><h3 data-part="{second}">\u2068“Maps”: 2\u2069 lost</h3>'
        f'<p data-part="{third}">The <i>river</i> has no bridge.</p>'
        '<div class="footer"><p>Bye</p></div></body></html>'
    )


def _ids(numbered: Parts) -> list[str]:
    ids = []
    for section in numbered.sections:
        ids += [section.id, *(part.id for part in section.items)]
    return ids[1:]


def test_of_two_items_with_the_same_headline_each_has_its_own_place() -> None:
    numbered = parts("# T\n\n### Same\n\nOne.\n\n### Same\n\nTwo.\n")
    first, second = _ids(numbered)
    assert with_part_marks("<h2>Same</h2><h2>Same</h2>", numbered) == (
        f'<h2 data-part="{first}">Same</h2><h2 data-part="{second}">Same</h2>'
    )


def test_a_part_that_is_not_found_is_left_out() -> None:
    first, _, second, _ = _ids(parts())
    mail = "<h2>A ruling</h2><h3>“Maps”: 2 lost</h3>"
    assert with_part_marks(mail, parts()) == (
        f'<h2 data-part="{first}">A ruling</h2><h3 data-part="{second}">“Maps”: 2 lost</h3>'
    )


@given(st.text("<>h2p/ A=\"'", max_size=60))
def test_marks_are_all_that_is_added(mail: str) -> None:
    marked = with_part_marks(f"{mail}<h2>A ruling</h2>", parts())
    for part in _ids(parts()):
        marked = marked.replace(f' data-part="{part}"', "")
    assert marked == f"{mail}<h2>A ruling</h2>"


def test_the_weights_of_all_parts_are_the_weight_of_the_email() -> None:
    first, section, second, third = _ids(parts())
    found = part_sizes(with_part_marks(MAIL, parts()))
    assert found == {
        ABOVE: 63,
        first: 101,
        section: 25,
        second: 33,
        third: 38,
        BELOW: 50,
        STYLES: 19,
    }
    assert sum(found.values()) == len(MAIL.encode())


def test_an_email_in_which_nothing_is_found_is_above_everything() -> None:
    assert part_sizes("<style>x</style><p>Words") == {ABOVE: 8, STYLES: 16}
