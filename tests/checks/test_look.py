"""Rules on the look: a broken sample for each rule, and no finding in the package's own look."""

import re
from collections.abc import Sequence
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from briefing.checks import look
from briefing.checks.look import nearest_readable
from briefing.checks.rule import Severity
from briefing.checks.visible_text import visible_texts
from briefing.newsletter import Newsletter
from briefing.rendering import own_templates
from briefing.rendering.dark_views import own_dark_styles
from briefing.rendering.styles import Colour, contrast, parse_colour
from briefing.text.markup import style_declarations
from tests.checks.conftest import SETTINGS, SOUND, ChangeTemplate, Check

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


@pytest.fixture
def families() -> Sequence[ModuleType]:
    return (look,)


@pytest.mark.parametrize(
    ("line", "named", "advised"),
    [
        ('accent = "#8fd0c0"', "'accent' on 'page'", True),
        ('text = "#999999"', "'text' on 'page'", True),
        ('quiet = "#8a8f94"', "'quiet' on 'page'", True),
        ('page = "#16181c"', "'accent' on 'page'", False),
        ('dark_accent = "#3a5f55"', "'dark_accent' on 'dark_paper'", True),
        ('dark_text = "#555555"', "'dark_text' on 'dark_paper'", True),
        ('dark_quiet = "#666666"', "'dark_quiet' on 'dark_paper'", True),
    ],
)
def test_colours_that_are_too_similar_are_reported_with_their_line_and_what_to_do(
    check_issue: Check, line: str, named: str, advised: bool
) -> None:
    findings = check_issue(settings=f"{SETTINGS}[look]\n{line}\n")
    assert {
        (finding.rule, finding.severity, finding.path.name, finding.line)
        for finding in findings
    } == {("weak-colours", Severity.ERROR, "briefing.toml", 11)}
    assert named in findings[0].message
    if advised:
        (proposed,) = re.findall(r'\w+ = "#\w{6}"', findings[0].message)
        assert check_issue(settings=f"{SETTINGS}[look]\n{proposed}\n") == []


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('accent = "#0000cc"', "'accent' on 'page'"),
        ('text = "#0000ee"', "'text' on 'page'"),
        ('quiet = "#2211dd"', "'quiet' on 'page'"),
    ],
)
def test_colours_that_a_forced_dark_mode_makes_unreadable_are_reported(
    check_issue: Check, line: str, named: str
) -> None:
    (finding,) = check_issue(settings=f"{SETTINGS}[look]\n{line}\n")
    assert (finding.rule, finding.severity, finding.path.name) == (
        "weak-when-inverted",
        Severity.WARNING,
        "briefing.toml",
    )
    assert finding.line == 11
    assert finding.message.startswith(
        f"{named} can't be read in mail apps that darken every email (a contrast of "
    )
    (proposed,) = re.findall(r'\w+ = "#\w{6}"', finding.message)
    assert check_issue(settings=f"{SETTINGS}[look]\n{proposed}\n") == []


def test_a_template_s_colour_for_such_programs_is_reported_in_its_line(
    check_issue: Check, change_template: ChangeTemplate
) -> None:
    change_template(
        "footer.html.j2",
        '<div class="footer">',
        '<div class="footer" style="color:#0000cc">',
    )
    (finding,) = check_issue()
    assert (finding.rule, finding.path.name) == (
        "weak-when-inverted",
        "footer.html.j2",
    )
    assert finding.line == 2
    assert re.search(r"#0000cc on #ffffff, can't be read", finding.message)
    assert re.search(r"; use #0000\w\w$", finding.message)


def test_if_no_colour_is_readable_the_background_is_to_be_changed(
    check_issue: Check,
) -> None:
    findings = check_issue(
        settings=f'{SETTINGS}[look]\npaper = "#ffffff"\npage = "#333333"\n'
    )
    assert "make 'page' much darker or lighter" in findings[0].message


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "style.css",
            "p.byline { margin: 0 0 18px 0; color: {{ look.accent }}",
            "p.byline { color: #aaaaaa",
            "#aaaaaa on",
        ),
        (
            "style.css",
            "p.credit { color: {{ look.quiet }}",
            "p.credit { background: #777 url(); color: black",
            "",
        ),
        (
            "style.css",
            "background-color: {{ look.accent }}; color: {{ look.paper }}",
            "color: {{ look.paper }}",
            "",
        ),
        ("style.css", "a { color: {{ look.accent }};", "a {", ""),
        (
            "footer.html.j2",
            '<div class="footer">',
            '<div class="footer" style="background-color:#0000cc">',
            "on #0000cc",
        ),
        (
            "enhancements.css",
            ".dateline, {{ within }}.credit,",
            ".none,",
            "on a dark screen",
        ),
        (
            "enhancements.css",
            "h3 { color: {{ look.dark_text }}",
            "h3 { color: #333333",
            "on a dark screen",
        ),
    ],
)
def test_a_template_with_too_little_contrast_is_reported(
    check_issue: Check,
    change_template: ChangeTemplate,
    name: str,
    old: str,
    new: str,
    said: str,
) -> None:
    text = SOUND.replace("link:", "kind: appeal\nlink:").replace(
        "years.\n", "years. [More of it](https://example.org/m).\n"
    )
    change_template(name, old, new)
    findings = [
        finding
        for finding in check_issue(text)
        if finding.rule == "weak-contrast"
    ]
    assert bool(said) == bool(findings)
    if said:
        assert said in findings[0].message
        assert "templates" in str(findings[0].path)
        assert findings[0].severity is Severity.ERROR


@pytest.mark.parametrize(
    ("name", "old", "new", "named"),
    [
        ("style.css", "p.more { ", "p.more { display: flex; ", "display: flex"),
        ("style.css", "p.more { ", "p.more { position: relative; ", "position"),
        ("style.css", "p.more { ", "p.more { float: left; ", "float"),
        ("style.css", "p.more { ", "p.more { font-size: 1.2rem; ", "rem"),
        (
            "style.css",
            "p.more { ",
            "p.more { width: calc(100% - 3px); ",
            "calc()",
        ),
        (
            "style.css",
            "p.more { ",
            "p.more { color: rgba(0, 0, 0, 0.9); ",
            "rgba()",
        ),
        (
            "style.css",
            "p.more { ",
            "p.more { margin-inline-start: 3px; ",
            "logical properties",
        ),
        ("style.css", "p.more { ", "p.more { filter: none; ", "filter"),
        (
            "style.css",
            "p.more { ",
            "p.more { width: max-content; ",
            "max-content",
        ),
        (
            "item.html.j2",
            '<p class="byline">',
            '<p class="byline"><u style="color:#000">x</u>',
            "a colour of 3, 4 or 8 digits",
        ),
        (
            "item.html.j2",
            '<p class="byline">',
            '<p class="byline" style="color:var(--ink)">',
            "var()",
        ),
        (
            "item.html.j2",
            '<p class="byline">',
            '<p class="byline" style="gap:3px; aspect-ratio:1">',
            "gap",
        ),
        (
            "item.html.j2",
            '<p class="byline">',
            '<p class="byline" hidden>',
            "hidden",
        ),
        (
            "item.html.j2",
            '<p class="byline">',
            '<p class="byline"><bdi>x</bdi>',
            "<bdi>",
        ),
        (
            "enhancements.css",
            "@media print",
            "@font-face { font-family: x } @media print",
            "@font-face",
        ),
    ],
)
def test_what_mail_apps_do_not_support_is_reported(
    check_issue: Check,
    change_template: ChangeTemplate,
    name: str,
    old: str,
    new: str,
    named: str,
) -> None:
    change_template(name, old, new)
    findings = [
        finding
        for finding in check_issue()
        if finding.rule == "not-shown-everywhere"
    ]
    assert any(
        finding.message.startswith(f"{named} isn't supported by")
        for finding in findings
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        (
            "issue.html.j2",
            '<{{ name_tag }} class="name">{{ newsletter.name | isolated }}</{{ name_tag }}>',
            "<p>{{ newsletter.name }}</p>",
            "heading-order",
        ),
        (
            "issue.html.j2",
            '<div class="paper{{ " begins-with-items" if issue.items | list and not has_opening }}">',
            '<div class="paper"><h1>x</h1>',
            "heading-order",
        ),
        (
            "item.html.j2",
            "<{{ heading }}",
            "<h4>x</h4><{{ heading }}",
            "heading-order",
        ),
        (
            "footer.html.j2",
            '<div class="footer">',
            '<img src="cid:x"><div class="footer">',
            "image-without-alt",
        ),
        (
            "footer.html.j2",
            "<p>",
            '<a href="https://example.org/x"><img src="cid:x" alt=""></a><p>',
            "image-without-alt",
        ),
        (
            "style.css",
            "color: {{ look.quiet }}; font-size: {{ small_size }}; }",
            "font-size: 12px; }",
            "small-text",
        ),
        ("footer.html.j2", "<p>", '<p style="font-size:80%">', "small-text"),
        (
            "issue.html.j2",
            '<html lang="{{ lang.code }}"',
            "<html",
            "language-not-said",
        ),
        (
            "issue.html.j2",
            ' dir="{{ lang.direction }}">\n<head>',
            ">\n<head>",
            "language-not-said",
        ),
        (
            "issue.html.j2",
            '[if mso]><table role="presentation"',
            "[if mso]><table",
            "table-without-role",
        ),
        (
            "footer.html.j2",
            "<p>",
            "<table><tr><td>x</td></tr></table><p>",
            "table-without-role",
        ),
    ],
)
def test_a_template_that_some_cannot_read_is_reported(
    check_issue: Check,
    change_template: ChangeTemplate,
    name: str,
    old: str,
    new: str,
    rule: str,
) -> None:
    change_template(name, old, new)
    findings = check_issue()
    assert {finding.rule for finding in findings} == {rule}
    assert all("\n" not in str(finding) for finding in findings)


def test_the_packages_own_look_has_no_finding(check_issue: Check) -> None:
    text = SOUND.replace(
        "link:", "kind: appeal\ncontact: Mira Solane, +1 555 0142\nlink:"
    )
    assert (
        check_issue(
            f"{text}> *So* and `so`.\n\n## More\n\n### B\n\n- [The ruling](https://example.org/x)\n",
            ug=text,
        )
        == []
    )


def test_a_text_has_the_colour_background_and_size_that_readers_see() -> None:
    page = lxml_html.document_fromstring(
        '<body style="background:#000000 none; color:white; font-size:10pt"><p style="display:none">no</p>'
        '<p style="font-size:150%">a <a href="#">b</a> <font color="#ff0000">c</font></p>d'
        '<table bgcolor="#00ff00"><tr><td style="background-color:rgba(255, 0, 0, 0.5); color:transparent">e</table>'
        '<img alt="f" style="color:#010203">'
    )
    black, white = (0, 0, 0), (255, 255, 255)
    assert [
        (text.words, text.colour, text.background, round(text.size))
        for text in visible_texts(page)
    ] == [
        ("a", white, black, 20),
        ("b", (0, 0, 238), black, 20),
        ("c", (255, 0, 0), black, 20),
        ("d", white, black, 13),
        ("e", white, (128, 127, 0), 13),
        ("f", (1, 2, 3), black, 13),
    ]


def test_dark_colours_win_by_weight_then_order_and_only_where_they_are_important() -> (
    None
):
    page = lxml_html.document_fromstring(
        "<style>p { color: #111111 !important } @media (prefers-color-scheme: dark) {"
        " .a { color: #222222 !important; margin: 0 } p { color: #333333 !important } b:what( { color: red !important }"
        " p { background-color: #444444 } } @media print { p { color: #555555 !important } }</style>"
        '<p class="a">x</p><p>y</p>'
    )
    first, second = page.iter("p")
    assert own_dark_styles(page) == {
        first: {"color": "#222222"},
        second: {"color": "#333333"},
    }


def test_contrast_is_that_of_wcag() -> None:
    assert round(contrast((0, 0, 0), (255, 255, 255)), 2) == 21
    assert round(contrast((0x77, 0x77, 0x77), (255, 255, 255)), 2) == 4.48
    assert nearest_readable((0x77, 0x77, 0x77), [(255, 255, 255)]) == (
        0x76,
        0x76,
        0x76,
    )
    assert nearest_readable((9, 9, 9), [(0, 0, 0), (255, 255, 255)]) == (
        0x75,
        0x75,
        0x75,
    )


@given(COLOURS, COLOURS)
def test_every_background_has_a_readable_colour(
    colour: Colour, background: Colour
) -> None:
    better = nearest_readable(colour, [background])
    assert better
    assert contrast(better, background) >= 4.5


@given(st.text(max_size=30))
def test_any_style_has_an_answer(style: str) -> None:
    assert isinstance(style_declarations(style), dict)
    assert parse_colour(style) is None or len(parse_colour(style) or ()) >= 3
    page = lxml_html.Element(
        "p",
        style="".join(
            character for character in style if character.isprintable()
        ),
    )
    page.text = "x"
    list(visible_texts(page))


def test_a_copied_template_is_reported_once_briefing_has_a_newer_one(
    check_issue: Check, newsletter: Newsletter
) -> None:
    own_templates.copy_templates(newsletter, own_templates.template_names())
    assert check_issue() == []
    copy = newsletter.root / "templates" / "item.html.j2"
    text = copy.read_text("utf-8")
    copy.write_text(
        re.sub(r"\([0-9a-f]{12}\)", "(0123456789ab)", text), "utf-8"
    )
    assert [
        (finding.rule, finding.severity, finding.path)
        for finding in check_issue()
    ] == [("template-outdated", Severity.WARNING, copy)]
