"""The texts: what was left in by mistake, what can't be seen, what must not be said, and what mail programs cut."""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from urllib.parse import unquote

from briefing.checks.rule import Inspected, Place, Severity, rule
from briefing.errors import BriefingError, FileError
from briefing.issue.markdown import ISSUE_HEADERS, ITEM_HEADERS, line_of, text_lines
from briefing.issue.model import Issue, Item, Kind, Section
from briefing.newsletter import Newsletter
from briefing.rendering import plain_text, prose
from briefing.rendering.preheader import PREHEADER, preheader

SUBJECT = (10, 70)
"""Columns: fewer tell little, more are cut."""

# Not \b: to that, a Chinese character beside a Latin letter is of the same word.
_BEGIN, _END = r"(?<![A-Za-z0-9\u00c0-\u024f])", r"(?![A-Za-z0-9\u00c0-\u024f])"
_NOTES = re.compile(rf"{_BEGIN}(?:TODO|FIXME|TBD|TBC|TK ?TK|[Xx]{{3,}}){_END}|<!--.*|<<[^<>]*>>")
_PLACEHOLDERS = re.compile(
    rf"""
    (?i:lorem\ ipsum|dolor\ sit\ amet)
    | {_BEGIN} (?: xx (?!@) | [Xx]{{2}}\.?\ [^\W\d]+\ 20[\dXx]{{2}} | (?i:xx\ month) | 20[Xx]{{2}} | XX[./-]XX ) {_END}
    | {_BEGIN} XX\ ?[年月日]
    | \[\ * (?i: (?:link|url|image|photo|picture|bağlantı|fotoğraf|链接|图片|ئۇلانما|ئۇلىنىش) (?:\ [^\]]{{0,80}})?
               | caption|headline|title|text|quote|name|source|date|number ) \ * \] (?![(\[:])
    | \[ (?i: (?:add|insert|fill\ in|note\ to)\ [^\]]{{0,80}}
            | [^\]]{{0,80}}\ (?:einfügen|ergänzen|hinzufügen|ekle|eklenecek)\ * ) \] (?![(\[:])
    | [\[【] (?:待补|待定|待译|待查|链接) [^\]】]{{0,80}} [\]】] (?![(\[:])
    | \{{\{{[^{{}}]{{0,80}}\}}\}} | \{{\w+\}} | \*\|\w+\|\*
    """,
    re.VERBOSE,
)
_HIDDEN_ADDRESS = re.compile(
    r"\[e-?mail\s*protected\]|/cdn-cgi/l/email-protection|protected from spambots|vor spambots geschützt", re.IGNORECASE
)
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Joiners and marks of direction (U+200C to U+200F, U+061C) belong to scripts, a variation selector to a character.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u034f\u115f\u1160\u2028\u2029\u200b\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U000e0000-\U000e007f]|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}"
)
# England, Scotland and Wales are the only flags that Unicode recommends to write with tag characters (UTS #51).
_FLAGS = re.compile("\U0001f3f4\U000e0067\U000e0062(?:[\U000e0061-\U000e007a]{3})\U000e007f")
_SOFT_HYPHEN = re.compile("\u00ad")
_BROKEN = re.compile("\ufffd|â€[™œ¦“”\x9d]|Ã[¤¶¼Ÿ©¨§±]")
_MARKS = re.compile(r"\*\*|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)|\]\(")
_TAGS = "a|b|blockquote|br|center|div|em|font|h[1-6]|hr|i|img|li|ol|p|s|span|strong|sub|sup|table|t[dhr]|u|ul"
_RAW_HTML = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]*)")
_SPACED_LINK = re.compile(r"\]\s+\(https?:")
_BARE_ADDRESS = re.compile(r"(?<!\]\()(?<!\] \()(?<![/\w])(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)
_PARSER = prose.parser()

MOST_NEVER = 1_000_000
"""Bytes of a list of words."""

_FARTHEST = 6
"""Characters that may stand between two words of a name: a hyphen, a line's end with the mark of a quote."""
_BETWEEN = re.compile(r"[\s_.'·•‧・-]+")
# Scripts that put no space between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer, Tibetan.
_UNSPACED = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
# Of Latin, Greek and Cyrillic; the vowels of Arabic, and the stroke that lengthens its lines.
_ACCENTS = re.compile("[\u0300-\u036f\u0640\u064b-\u0652\u0670]")
_ALIKE = str.maketrans("ıʼ’‘‐", "i'''-", "*`[]\\~")

Line = tuple[int | None, str]


def passages(issue: Issue) -> Iterator[list[Line]]:
    """What an edition says, passage by passage: a title, a header's value, a text; in lines, with their numbers."""
    parts: tuple[Issue | Section | Item, ...] = (issue, *issue.sections, *issue.items)
    for part in parts:
        if isinstance(part, Section):
            yield [(line_of(part), part.title or "")]
            continue
        yield [(line_of(part), part.title if isinstance(part, Issue) else part.heading)]
        for name in ISSUE_HEADERS if isinstance(part, Issue) else ITEM_HEADERS:
            value = getattr(part, name)
            if name != "kind" and isinstance(value, str):
                yield [(line_of(part, name), value)]
        yield list(text_lines(part))


def quoted(text: str, longest: int = 40) -> str:
    """A text as a message can name it: on one line, not too long, nothing unseen in it."""
    text = " ".join(_INVISIBLE.sub(" ", _DIRECTIONS.sub("", text)).split())
    return f"'{text if len(text) <= longest else text[: longest - 1].rstrip() + '…'}'"


@rule("editors-note", Severity.ERROR)
def editors_note(inspected: Inspected) -> Iterator[Place]:
    """A note that editors leave for each other (TODO, XXX, `<!-- … -->`) is in the text. Do it, or take it out."""
    for line, text in _lines(inspected):
        for match in _NOTES.finditer(_without_addresses(text)):
            yield Place(f"{quoted(match[0])} is a note that readers would see; do what it says, or take it out", line)


@rule("placeholder", Severity.ERROR)
def placeholder(inspected: Inspected) -> Iterator[Place]:
    """Something stands where the real words should (lorem ipsum, `[LINK]`, xx October 2020). Write what is meant."""
    for line, text in _lines(inspected):
        for match in _PLACEHOLDERS.finditer(_without_addresses(text)):
            yield Place(f"{quoted(match[0])} stands for something else; write what is meant, or take it out", line)


@rule("hidden-address", Severity.ERROR)
def hidden_address(inspected: Inspected) -> Iterator[Place]:
    """The page hid a mail address from programs and so from `collect`. Write the address, or take the place out."""
    for line, text in _lines(inspected):
        if _HIDDEN_ADDRESS.search(text):
            yield Place("the page that this is from hid a mail address; write the address itself, or take it out", line)


@rule("broken-characters", Severity.WARNING)
def broken_characters(inspected: Inspected) -> Iterator[Place]:
    """Characters came out wrong on the way here (`Ã¼`, `â€™`, `�`). Type them anew."""
    for line, text in _lines(inspected):
        match = _BROKEN.search(text)
        if match:
            yield Place(f"{quoted(match[0])} {_where(text, match)} was another character once; type it anew", line)


@rule("direction-override", Severity.ERROR)
def direction_override(inspected: Inspected) -> Iterator[Place]:
    """An unseen character turns the order of letters around. Delete it: isolates are added when the mail is made."""
    for line, text in _lines(inspected):
        unseen = _unseen(_DIRECTIONS, text)
        if unseen:
            yield Place(f"{unseen} turns the order of letters around; delete it", line)


@rule("invisible-character", Severity.ERROR)
def invisible_character(inspected: Inspected) -> Iterator[Place]:
    """A character that nobody sees can hide words, or tell whose copy this was. Delete it."""
    for line, text in _lines(inspected):
        unseen = _unseen(_INVISIBLE, _FLAGS.sub("", text))
        if unseen:
            yield Place(f"{unseen} can't be seen; delete it", line)


@rule("soft-hyphen", Severity.WARNING)
def soft_hyphen(inspected: Inspected) -> Iterator[Place]:
    """A soft hyphen is a mark of spam to mail programs, and comes along from web pages. Delete it."""
    for line, text in _lines(inspected):
        unseen = _unseen(_SOFT_HYPHEN, text)
        if unseen:
            yield Place(f"{unseen} is a mark of spam to mail programs; delete it", line)


@rule("nothing-to-read", Severity.ERROR)
def nothing_to_read(inspected: Inspected) -> Iterator[Place]:
    """The issue has neither an item nor an introduction. Write one."""
    issue = inspected.edition.issue
    if not any(issue.items) and not _says_something(issue.introduction):
        yield Place("there is neither an item nor an introduction; write one", line_of(issue))


@rule("title-missing", Severity.ERROR)
def title_missing(inspected: Inspected) -> Iterator[Place]:
    """An issue has no title, or an article no headline. Write one after the marks `#` or `###`."""
    issue = inspected.edition.issue
    if not _says_something(issue.title):
        yield Place("the issue has no title; write one after the #", line_of(issue))
    for item in issue.items:
        if item.kind is Kind.ARTICLE and not _says_something(item.heading):
            yield Place("the article has no headline; write one after the ###", line_of(item))


@rule("text-missing", Severity.ERROR)
def text_missing(inspected: Inspected) -> Iterator[Place]:
    """An item has no text. Write a few lines on it, or take it out."""
    for item in inspected.edition.issue.items:
        if not _says_something(item.text):
            yield Place(
                f"{quoted(item.heading) if item.heading else 'this item'} has no text; "
                "write a few lines below a blank line, or take it out",
                line_of(item),
            )


@rule("subject-length", Severity.WARNING)
def subject_length(inspected: Inspected) -> Iterator[Place]:
    """A subject of more than 70 columns is cut, one of fewer than 10 tells little. Write `subject:` below the title."""
    line, subject = _subject(inspected)
    shortest, longest = SUBJECT
    columns = plain_text.width(subject)
    if columns > longest:
        yield Place(f"the subject takes {columns} columns and is cut after {longest}; write a shorter 'subject:'", line)
    elif columns < shortest and _says_something(subject):
        yield Place(f"{quoted(subject)} tells little as a subject; write a longer 'subject:'", line)


@rule("subject-shouts", Severity.WARNING)
def subject_shouts(inspected: Inspected) -> Iterator[Place]:
    """Several exclamation marks in the subject make it look like spam. Leave one at most."""
    line, subject = _subject(inspected)
    if len(re.findall("[!！]", subject)) > 1:
        yield Place("the subject has several exclamation marks, as spam has; leave one at most", line)


@rule("capitals", Severity.WARNING)
def capitals(inspected: Inspected) -> Iterator[Place]:
    """A title or headline in capitals alone reads as shouting, and as letters to a screen reader. Write small ones."""
    issue = inspected.edition.issue
    headings: list[Line] = [(line_of(issue), issue.title), (line_of(issue, "subject"), issue.subject)]
    headings += [(line_of(section), section.title or "") for section in issue.sections]
    headings += [(line_of(item), item.heading) for item in issue.items]
    for line, heading in headings:
        letters = [one for one in heading if one.isalpha()]
        # A few are a name: NATO, BBC NEWS.
        if len(letters) > 10 and all(one.isupper() for one in letters):
            yield Place(f"{quoted(heading)} is in capitals; write it in small letters", line)


@rule("preheader-length", Severity.WARNING)
def preheader_length(inspected: Inspected) -> Iterator[Place]:
    """The line beside the subject is filled up if short, cut if long. Write a `preheader:` of 40 to 130 characters."""
    issue, shortest, longest = inspected.edition.issue, *PREHEADER
    text = preheader(inspected.edition)
    line = line_of(issue, "preheader")
    whose = "the preheader" if issue.preheader else "the preheader made of the headlines"
    # Chinese says in 20 characters, which are as wide, what takes 40 elsewhere.
    if plain_text.width(text) < shortest:
        yield Place(f"{whose} has {len(text)} characters; write a 'preheader:' of {shortest} to {longest}", line)
    elif len(text) > longest:
        yield Place(f"{whose} has {len(text)} characters and is cut; write one of {shortest} to {longest}", line)


@rule("preheader-repeats-subject", Severity.WARNING)
def preheader_repeats_subject(inspected: Inspected) -> Iterator[Place]:
    """The preheader says the same as the subject above it. Write a `preheader:` that says more."""
    _, subject = _subject(inspected)
    if subject and _folded(preheader(inspected.edition)) == _folded(subject):
        line = line_of(inspected.edition.issue, "preheader")
        yield Place("the preheader repeats the subject; write a 'preheader:' that says more", line)


@rule("marks-shown", Severity.WARNING)
def marks_shown(inspected: Inspected) -> Iterator[Place]:
    """Marks of emphasis or of a link don't pair, or are HTML: readers see them. Close them, or take them out."""
    for line, words in _words_shown(inspected):
        match = _MARKS.search(words) or _SPACED_LINK.search(words) or _RAW_HTML.search(words)
        if match and not _PICTURE.search(words):
            cure = "write a link as [words](https://…)" if match[0][0] == "]" else "close it, or take it out"
            if match[0][0] == "<":
                cure = "HTML is shown as typed: write *words* or **words**, or take it out"
            yield Place(f"readers see the {match[0]} {_where(words, match)}; {cure}", line)


@rule("picture-in-text", Severity.ERROR)
def picture_in_text(inspected: Inspected) -> Iterator[Place]:
    """A text has a picture in Markdown's way, which no mail shows. Write `image:` below the item's headline."""
    for part in _parts(inspected):
        for line, text in text_lines(part):
            match = _PICTURE.search(text)
            if match:
                yield Place(f"a text can't hold a picture; write 'image: {match[1]}' below the headline", line)


@rule("bare-address", Severity.WARNING)
def bare_address(inspected: Inspected) -> Iterator[Place]:
    """An address in a text is no link in most mail programs. Write it as `[words](https://…)`."""
    for line, words in _words_shown(inspected):
        match = _BARE_ADDRESS.search(words)
        if match:
            yield Place(f"{quoted(match[0])} is no link; write it as [words](https://…)", line)


@rule("never-file", Severity.ERROR)
def never_file(inspected: Inspected) -> Iterator[Place]:
    """The file that `[check] never` names can't be read. Put it there, or take the setting away."""
    try:
        _never(inspected.newsletter)
    except FileError as error:
        yield Place(error.message, error.line, error.path)


@rule("never-words", Severity.ERROR)
def never_words(inspected: Inspected) -> Iterator[Place]:
    """A word of the file `[check] never` would go out. Take it out, or write around it."""
    try:
        names = _never(inspected.newsletter)
    except FileError:
        return
    lines: list[Line] = []
    for passage in passages(inspected.edition.issue):
        lines += [*passage, *[(None, "")] * _FARTHEST]  # so that no name is found across two passages
    text = "\n".join(_folded(line) for _, line in lines)
    mail = "" if isinstance(inspected.rendered, BriefingError) else _folded(inspected.rendered.text.filled({}))
    for name in names:
        found = [lines[text.count("\n", 0, match.start())][0] for match in name.found_in(text)]
        if not found and any(name.found_in(mail)):
            found = [None]  # it comes from a template or the settings
        for number in found:
            yield Place(f"{quoted(name.word)} must never appear ([check] never); write around it", number)


def _lines(inspected: Inspected) -> Iterator[Line]:
    """All that the edition says, line by line, as it is shown: `&shy;` is the character that it stands for."""
    for line, text in chain.from_iterable(passages(inspected.edition.issue)):
        yield line, _decoded(text)


def _decoded(text: str) -> str:
    return re.sub(r"&#?\w+;", lambda entity: html.unescape(entity[0]), text)


def _without_addresses(text: str) -> str:
    return re.sub(r"https?://\S+", " ", text)


def _where(text: str, match: re.Match[str]) -> str:
    words = text[: match.start()].split()
    return f"after {quoted(words[-1][-20:])}" if words else "at the line's beginning"


def _unseen(pattern: re.Pattern[str], text: str) -> str:
    """What can't be seen and where it is: U+200B (zero width space) after 'court' (and 2 more); empty for nothing."""
    matches = list(pattern.finditer(text))
    if not matches:
        return ""
    character = matches[0][0][0]
    name = unicodedata.name(character, "control character").lower()
    more = f" (and {len(matches) - 1} more)" if len(matches) > 1 else ""
    return f"U+{ord(character):04X} ({name}) {_where(text, matches[0])}{more}"


def _says_something(text: str) -> bool:
    return any(unicodedata.category(one)[0] in "LN" or unicodedata.category(one) == "So" for one in _decoded(text))


def _subject(inspected: Inspected) -> Line:
    issue = inspected.edition.issue
    return line_of(issue, "subject"), issue.subject or issue.title


def _parts(inspected: Inspected) -> tuple[Issue | Item, ...]:
    issue = inspected.edition.issue
    return (issue, *issue.items)


def _words_shown(inspected: Inspected) -> Iterator[tuple[int | None, str]]:
    """The words of all texts as they are shown, without links and code, each piece with its line in the file."""
    for part in _parts(inspected):
        lines = list(text_lines(part))
        for index, words in _shown("\n".join(text for _, text in lines)):
            yield lines[index][0], words


def _shown(text: str) -> Iterator[tuple[int, str]]:
    """The words of Markdown source as they are shown, each piece with the line (from 0) it stands in."""
    for block in _PARSER.parse(text):
        line, in_link = block.map[0] if block.map else 0, False
        for token in block.children or ():
            in_link = token.type == "link_open" or (in_link and token.type != "link_close")
            if token.type == "text" and not in_link:
                yield line, token.content
            line += token.type in {"softbreak", "hardbreak"}


@dataclass(frozen=True, slots=True)
class _Never:
    """A word that must never appear, with what finds it in a folded text."""

    word: str
    begins: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, word: str) -> "_Never":
        pieces = [piece for piece in _BETWEEN.split(_folded(word)) if piece]
        if _UNSPACED.search(word):
            pattern = r"\W{0,3}?".join(r"\s?".join(map(re.escape, piece)) for piece in pieces)
            return cls(word, pieces[0][0], re.compile(pattern))
        pattern = rf"[\W_]{{1,{_FARTHEST}}}".join(map(re.escape, pieces))
        # German adds an s to a name; Uyghur, Turkish and Russian add whole endings, which a Latin word can't be told
        # from other words with.
        ending = r"s?(?![^\W\d_])" if re.search("[a-z\u00df-\u024f]$", pieces[-1]) else ""
        return cls(word, pieces[0], re.compile(rf"(?<![^\W\d_]){pattern}{ending}"))

    def found_in(self, text: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(text) if self.begins in text else iter(())


def _never(newsletter: Newsletter) -> list[_Never]:
    """The words of the file `[check] never`. Raises FileError."""
    name = newsletter.settings.check.never
    if not name:
        return []
    path = newsletter.root / name
    try:
        if path.exists() and (not path.is_file() or path.stat().st_size > MOST_NEVER):
            raise FileError(path, "is no list of words; name another file in [check] never")
        lines = path.read_text("utf-8-sig").split("\n")
    except FileNotFoundError:
        raise FileError(path, "there is no such file; put it there, or empty [check] never in briefing.toml") from None
    except UnicodeDecodeError:
        raise FileError(path, "is not UTF-8; save it again as UTF-8 text") from None
    except (OSError, ValueError) as error:
        raise FileError(path, f"can't be read: {getattr(error, 'strerror', error)}") from error
    words = (re.sub(r"(?:^|\s)#.*", "", line).strip() for line in lines)
    return [_Never.of(word) for word in words if _says_something(word)]


def _folded(text: str) -> str:
    """A text as words are looked for in it: no matter the case, accents, marks of emphasis, what can't be seen."""
    text = unicodedata.normalize("NFKD", unquote(_decoded(text))).casefold()
    text = "".join(one for one in text if unicodedata.category(one) != "Cf")
    text = _ACCENTS.sub("", text).translate(_ALIKE)
    return " ".join(unicodedata.normalize("NFC", text).split())
