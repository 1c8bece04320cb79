"""No text makes a regular expression take time that grows faster than the text.

recheck judges that (https://makenowjust-labs.github.io/recheck). What it objects to is listed here
with the reason why it does no harm.
"""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.judges.packages import FOLDER, needs
from tests.patterns import Pattern, in_javascript, patterns

_IN_A_CHILD = "it reads a page or brief in a child process, which is ended after ten seconds"
_TIDY = "the text's spaces are tidied before, so that none are in a row"
_BOUNDED = (
    "a bounded repetition: it looks at most a few hundred characters ahead"
)
_OURS = "it reads what this program, the organisation or a setting says"
_ONE_LINE = "it is tried at the start of one line, which the rest of the line can't fail to match"

REVIEWED = {
    r"\bline \d+|[\d,]+ of the [": _OURS,
    r"<!(?:--)?\[if[^\]]*\]": "it reads the mail that this program built, of limited size",
    r"\.?~?(?:\.~lock\.)?subscribers": _OURS,
    r"[^\s@]{1,100}@[^\s@]{1,100}|http": _BOUNDED,
    r"(?<!\d)(?<!\d[-–.,/])": _BOUNDED,
    r"(\d{1,9}(?=[.)](?:\s|$)))?([#>]": _IN_A_CHILD,
    r"(?:^|(?<=[\s(\[.|–—-]))(?:photo": _TIDY,
    r"(?:©|\(c\)|ⓒ|\bcopyright\b)\s*": _TIDY,
    r"(?:(?<=[(\[|])|(?<=[.!?…”": _TIDY,
    r"(?P<credit>(?:(?:[A-ZÀ-Þ]": _TIDY,
    r"\.(?:jpe?g|png|webp|gif|avif).*$": _IN_A_CHILD,
    r"[-_.@](?:\d{2,4}x\d{2,4}|": _IN_A_CHILD,
    r"\s+[|¦•·»«:–—−-]+\s+|": _TIDY,
    r"\s+(?:[|¦│•·»«›‹/~⋆]|::|": _TIDY,
    r"<[^>]{1,200}>": _BOUNDED,
    r"<(?:meta|\?xml)[^>]{0,300}?": "it reads the first 8 KB of a file",
    r"([A-Za-z][A-Za-z_-]*)[ \t]*:": _ONE_LINE,
    r"\s*([A-Za-z][A-Za-z_-]*)\s*[:": _ONE_LINE,
    "\u2068[^\u2069]*\u2069|": "pages and issues lose these invisible characters before",
    r"[0-9a-f]{30}": _BOUNDED,
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@": _OURS,
    r"/\*.*?\*/": _OURS,
    "[^\\s<>\"'=,;:/()]+@": "it reads what was typed as a command",
    r"!\[[^\]]{0,500}\]": _BOUNDED,
    "(?<![A-Za-z0-9\\u00c0-\\u024f])(?:xx(?!@)": _BOUNDED,
}
"""The reason for each pattern that begins like this."""


def _judged(found: list[Pattern]) -> list[dict[str, str]]:
    program = Path(__file__).parent / "judges" / "recheck.mjs"
    answer = subprocess.run(
        ["node", program, FOLDER],
        input=json.dumps([in_javascript(pattern) for pattern in found]),
        capture_output=True,
        text=True,
        check=True,
    )
    judged: list[dict[str, str]] = json.loads(answer.stdout)
    return judged


def _reason(pattern: Pattern) -> str:
    text = pattern.text
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    reasons = [REVIEWED[start] for start in REVIEWED if text.startswith(start)]
    return next(iter(reasons), "")


@pytest.mark.long
@needs("recheck")
def test_no_text_makes_a_pattern_slow() -> None:
    found = patterns()
    objections = []
    for pattern, judged in zip(found, _judged(found), strict=True):
        if judged["status"] != "safe" and not _reason(pattern):
            objections.append((pattern.place, pattern.text, judged))
    assert objections == []


def test_every_reviewed_pattern_exists() -> None:
    texts = [
        pattern.text.decode("latin-1")
        if isinstance(pattern.text, bytes)
        else pattern.text
        for pattern in patterns()
    ]
    unused = [
        start
        for start in REVIEWED
        if not any(text.startswith(start) for text in texts)
    ]
    assert unused == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a+b*?", "(?:a){1,}(?:b){0,}?"),
        ("(?P<x>[a-c_]|\\d)(?P=x)", "((?:[a-c\\u{5f}\\p{Nd}]))(?:\\1)"),
        ("a*+b", "(?:(?=((?:a){0,}))\\1)b"),
        ("(?i:é)(?<!x)$", "(?:\\u{e9})(?<!x)$"),
        ("[^\\W_]", "(?:(?![^\\p{L}\\p{N}_])[^\\u{5f}])"),
    ],
)
def test_patterns_are_written_in_javascripts_syntax(
    text: str, written: str
) -> None:
    re.compile(text)
    assert in_javascript(Pattern(text, "", frozenset())) == written
    assert (
        in_javascript(Pattern(text, "", frozenset({"match"})))
        == f"^(?:{written})"
    )


def test_patterns_of_tables_and_calls_are_collected() -> None:
    places = {pattern.place for pattern in patterns()}
    assert {
        "checks.patterns",
        "collecting.web.excerpts",
        "picture_credits",
    } <= places
