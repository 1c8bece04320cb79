"""No text makes a regular expression take time that grows faster than the text.

recheck judges that (https://makenowjust-labs.github.io/recheck). What it objects to is listed here
with the reason why it does no harm.
"""

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.judges.packages import FOLDER, needs
from tests.patterns import Pattern, in_javascript, patterns

_BOUNDED = (
    "a bounded repetition: it looks at most a few hundred characters ahead"
)
_AT_START = "it is tried at the start of a line only, where no other start is left to try"
_OWN_MAIL = "it reads the email that this program built, of limited size"
_CAPTION = (
    "a caption's last 400 characters are looked through, in a child process"
)

REVIEWED = {
    r"<!(?:--)?\[if[^\]]*\]": f"0.7 s; {_OWN_MAIL}",
    r"[^/]*subscribers[^/]*\.[^/]*": (
        "it reads the names of files, of 255 characters at most: 0.000 s"
    ),
    r"(?:\d{1,4}\u200f?[./-]\u200f?\d{1,2}": f"0.03 s; {_BOUNDED}",
    r"(?P<name>[^\[\]]{1,60}), \[": f"0.1 s; {_BOUNDED}",
    r"[^\s@]{1,100}@[^\s@]{1,100}|http": f"0.1 s; {_BOUNDED}",
    r"(?:19|20)\d\d\D.*\d[:.]\d\d": (
        "over 25 s, but it reads a line of 200 characters at most: 0.000 s"
    ),
    r"[【\[]\s*+(?P<words>[^\s【】\[\]:][^【】\[\]:]{0,59})": f"0.02 s; {_BOUNDED}",
    r"\+{2,5}+\s*+(?P<words>": f"0.03 s; {_BOUNDED}",
    r"(?P<mark>:{2,5}+|={1,5}+": f"0.1 s; {_BOUNDED}",
    r"\[\^([^\]\s]{1,40})\](?!:)": f"0.04 s; {_BOUNDED}",
    r"(\d{1,9}(?=[.)](?:\s|$)))?([#>]": f"0.000 s; {_AT_START}",
    r"(?:^|(?<=[\s(\[.|–—-]))(?:photo": f"0.000 s; {_CAPTION}",
    r"(?:©|\(c\)|ⓒ|\bcopyright\b)\s*": f"0.001 s; {_CAPTION}",
    r"(?:(?<=[(\[|])|(?<=[.!?…”": f"0.25 s; {_CAPTION}",
    r"(?P<sentence>.*?)\s+": f"0.000 s; {_CAPTION}",
    r"(?:(?P<author>[^\W\d_][\w'’-]{1,30}": f"0.000 s; {_BOUNDED}",
    r"(?:(?P<author>[^\"“”„«»:]{2,100}": f"0.000 s; {_BOUNDED}",
    r"(?P<credit>(?:(?:[A-ZÀ-Þ]": f"0.001 s; {_CAPTION}",
    r"(?<![\s,])(?:[\s,]++(?:Corp": f"0.08 s; {_BOUNDED}",
    r"«[^«»]{1,200}»|": f"0.04 s; {_BOUNDED}",
    r"<[^>]{1,200}>": f"0.02 s; {_BOUNDED}",
    r"<(?:meta|\?xml)[^>]{0,300}?": f"0.1 s; {_BOUNDED}",
    r"([A-Za-z][A-Za-z_-]*)[ \t]*:": f"0.000 s; {_AT_START}",
    r"\s*([A-Za-z][A-Za-z_-]*)\s*[:": f"0.000 s; {_AT_START}",
    r"[0-9a-f]{30}": f"0.004 s; {_BOUNDED}",
    r"(?<![\w@+])(\+?\(?[0-9][0-9 ": f"0.5 s; {_BOUNDED}",
    r"(?<=[\u3400-\u9fff]{11})": "0.01 s; it looks 11 characters back",
    r"(?:[（［｛「『【《〈“‘(\[]*[\u2e80": (
        "0.05 s; each match begins where the one before it ended"
    ),
    r"[<(\[]?[\w.+-]{1,64}+@": f"0.01 s; {_BOUNDED}",
    r"(?P<lead>[^.!?]{8,90}[.!?]) +": f"0.1 s; {_BOUNDED}",
    r"(?:\b(?:fotos?|photos?|bild(?:er)?|": f"0.1 s; {_BOUNDED}",
    r"<!--(?:[^-]++|-(?!->))*+-->": f"5 s; {_OWN_MAIL}",
    r"<[^>]*+>": f"3 s; {_OWN_MAIL}",
    r"<style\b(?:[^<]++|<(?!/style))*+": f"12 s; {_OWN_MAIL}",
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@": (
        "0.007 s; it must fit the whole text, so it is tried once"
    ),
    r"/\*.*?(?:\*/|\Z)": (
        "0.002 s; with DOTALL, which is in the call, a comment without an end reaches to the end"
    ),
    r"!\[[^\]]{0,500}\]": f"0.02 s; {_BOUNDED}",
    r"\[\^[^\]\s]{1,40}\]": f"0.02 s; {_BOUNDED}",
    "(?<![A-Za-z0-9\\u00c0-\\u024f])(?:xx(?!@)": f"0.04 s; {_BOUNDED}",
    r"(?<!\s)\s++(?:[|¦│": (
        "0.02 s; every run of spaces is tried once, which recheck doesn't always see"
    ),
    r"(?i:\[e-?mail\s*protected": "recheck takes too long; under 0.2 s on every text that was tried",
    r"(?i:</?(?:a|b|blockquote|br|": "recheck takes too long; under 0.2 s on every text that was tried",
}
"""The reason for each pattern that begins like this, after the CPU time for the text with which recheck
attacks it, at 100,000 characters, or as long as it can get.
"""


def _judged(found: Iterable[Pattern]) -> list[dict[str, str]]:
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
        "photos.picture_credits",
    } <= places
