"""Rules on texts: leftovers, invisible characters, words that must never appear, and lengths that
mail apps cut off.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from briefing.errors import BriefingError, FileError
from briefing.issue.markdown import line_of, text_lines
from briefing.issue.model import Kind
from briefing.rendering.preheader import PREHEADER, preheader
from briefing.text.width import beginning, width

from . import never_words as never
from .inspected import InspectedEdition
from .never_words import fold
from .passages import (
    PassageLine,
    has_content,
    headings,
    lines,
    passages,
    shown_words,
)
from .patterns import first_matches, pattern
from .rule import ERROR, WARNING, Problem, Problems, rule
from .wording import first_invisible, position, quoted

SUBJECT = (10, 70)
"""Shortest and longest, in columns: a shorter subject says little, a longer one is cut off. A Chinese
character takes two.
"""
LONGEST_NAME = 10
"""A heading of at most this many letters may be all capitals, since it may be a name: NATO, BBC
NEWS.
"""


@rule("editors-note", ERROR)
def editors_note(inspected: InspectedEdition) -> Problems:
    """The text contains a note between editors (TODO, XXX, `<!-- … -->`). Do what it says, or
    delete it.
    """
    for line, found in _matches_in("editors_notes", inspected):
        yield Problem(
            f"readers would see the note {quoted(found)}; do what it says, or delete it",
            line,
        )


@rule("placeholder", ERROR)
def placeholder(inspected: InspectedEdition) -> Problems:
    """A placeholder was never filled in (lorem ipsum, `[LINK]`, xx October 2020). Write the real
    text.
    """
    for line, found in _matches_in("placeholders", inspected):
        yield Problem(
            f"{quoted(found)} is a placeholder; write the real text, or delete it",
            line,
        )


def _matches_in(
    name: str, inspected: InspectedEdition
) -> Iterator[PassageLine]:
    """Yield everything that a pattern finds in an edition, except in addresses."""
    for line, text in lines(inspected):
        words = re.sub(r"https?://\S+", " ", text)
        for match in pattern(name).finditer(words):
            yield line, match[0]


@rule("hidden-address", ERROR)
def hidden_address(inspected: InspectedEdition) -> Problems:
    """A web page hid an email address from programs such as `collect`. Write the address, or delete
    the placeholder.
    """
    for line, _ in first_matches("hidden_addresses", lines(inspected)):
        yield Problem(
            "the web page this was copied from hid an email address here; write the address, or delete the placeholder",
            line,
        )


@rule("broken-characters", WARNING, "line: garbled characters")
def broken_characters(inspected: InspectedEdition) -> Problems:
    """Characters were garbled on their way here (`Ã¼`, `â€™`, `�`). Type the right ones."""
    for line, match in first_matches("broken_characters", lines(inspected)):
        yield Problem(
            f"{quoted(match[0])} {position(match)} is garbled; type the right character",
            line,
        )


@rule("direction-override", ERROR)
def direction_override(inspected: InspectedEdition) -> Problems:
    """An invisible character reverses the order of letters. Delete the words around it, and type them again;
    names get the right direction when the email is built."""
    words = "reverses the order of letters; delete the words around it, and type them again"
    return _report_invisible("direction_overrides", lines(inspected), words)


@rule("invisible-character", ERROR)
def invisible_character(inspected: InspectedEdition) -> Problems:
    """An invisible character can hide words, or reveal whose copy this was. Delete it."""
    flags = pattern("flags")
    shown = ((line, flags.sub("", text)) for line, text in lines(inspected))
    return _report_invisible("invisible", shown, "can't be seen; delete it")


@rule("soft-hyphen", WARNING, "line: soft hyphens")
def soft_hyphen(inspected: InspectedEdition) -> Problems:
    """A soft hyphen, often pasted from a web page, makes an email look like spam. Delete it."""
    words = "makes an email look like spam; delete it"
    return _report_invisible("soft_hyphens", lines(inspected), words)


def _report_invisible(
    name: str, texts: Iterable[PassageLine], words: str
) -> Problems:
    """Report the first character in each line that a pattern finds; `words` follow its name."""
    for line, text in texts:
        unseen = first_invisible(name, text)
        if unseen:
            yield Problem(f"{unseen} {words}", line)


@rule("nothing-to-read", ERROR)
def nothing_to_read(inspected: InspectedEdition) -> Problems:
    """The issue has neither an item nor an introduction. Write one."""
    issue = inspected.issue
    if not any(issue.items) and not has_content(issue.introduction):
        yield Problem(
            "there is neither an item nor an introduction; write one",
            line_of(issue),
        )


@rule("title-missing", ERROR)
def title_missing(inspected: InspectedEdition) -> Problems:
    """The issue has no title, or an article has no headline. Write one after `#` or `###`."""
    issue = inspected.issue
    if not has_content(issue.title):
        yield Problem(
            "the issue has no title; write one after the #", line_of(issue)
        )
    for item in issue.items:
        if item.kind is Kind.ARTICLE and not has_content(item.heading):
            yield Problem(
                "the article has no headline; write one after the ###",
                line_of(item),
            )


@rule("text-missing", ERROR, "item: no text")
def text_missing(inspected: InspectedEdition) -> Problems:
    """An item has no text. Write a few lines about it, or delete the item."""
    for item in inspected.issue.items:
        if not has_content(item.text):
            name = quoted(item.heading) if item.heading else "this item"
            advice = "write a few lines below a blank line, or delete the item"
            yield Problem(f"{name} has no text; {advice}", line_of(item))


@rule("greeting-twice", WARNING, "a greeting in the introduction")
def greeting_twice(inspected: InspectedEdition) -> Problems:
    """The introduction begins with a greeting ("Dear all,"), although the email greets each reader by
    name above it. Delete it.
    """
    for line, text in islice(text_lines(inspected.issue), 1):
        match = pattern("greetings").match(text.lstrip("*_ "))
        if match:
            message = f"{quoted(match[0])} repeats the email's own greeting, which has the reader's name; delete it"
            yield Problem(message, line)


@rule("subject-length", WARNING, "a subject that is too long or too short")
def subject_length(inspected: InspectedEdition) -> Problems:
    """A subject over 70 characters (35 in Chinese) is cut off, and one under 10 says little. Write
    a `subject:` below the title.
    """
    line, subject = _subject(inspected)
    shortest, longest = SUBJECT
    shown = len(beginning(subject, longest))
    if shown < len(subject):
        message = f"the subject has {len(subject)} characters and is cut off after {shown}; write a shorter 'subject:'"
        yield Problem(message, line)
    elif width(subject) < shortest and has_content(subject):
        yield Problem(
            f"{quoted(subject)} says little as a subject; write a longer 'subject:'",
            line,
        )


@rule("subject-shouts", WARNING, "exclamation marks in the subject")
def subject_shouts(inspected: InspectedEdition) -> Problems:
    """Several exclamation marks in the subject make the email look like spam. Use one at most."""
    line, subject = _subject(inspected)
    if subject.count("!") + subject.count("！") > 1:
        yield Problem(
            "the subject has several exclamation marks, like spam; use one at most",
            line,
        )


@rule("capitals", WARNING, "heading: all in capitals")
def capitals(inspected: InspectedEdition) -> Problems:
    """A heading all in capitals looks like shouting, and screen readers may spell it out. Use
    lower-case letters.
    """
    for line, heading in headings(inspected.issue):
        letters = "".join(filter(str.isalpha, heading))
        if len(letters) > LONGEST_NAME and all(map(str.isupper, letters)):
            yield Problem(
                f"{quoted(heading)} is all in capitals; use lower-case letters",
                line,
                about=quoted(heading),
            )


@rule("preheader-length", WARNING, "a preheader that is too long or too short")
def preheader_length(inspected: InspectedEdition) -> Problems:
    """The preheader, shown next to the subject, is too short or too long. Write a `preheader:` of 40
    to 130 characters.
    """
    issue, shortest, longest = inspected.issue, *PREHEADER
    text = preheader(inspected.edition)
    name = (
        "the preheader"
        if issue.preheader
        else "the preheader made from the headlines"
    )
    advice = f"write a 'preheader:' of {shortest} to {longest} characters below the title"
    # In columns, since 20 Chinese characters say as much as 40 letters and are as wide.
    if width(text) < shortest:
        yield Problem(
            f"{name} has only {len(text)} characters; {advice}",
            line_of(issue, "preheader"),
        )
    elif len(text) > longest:
        yield Problem(
            f"{name} has {len(text)} characters and is cut off; {advice}",
            line_of(issue, "preheader"),
        )


@rule(
    "preheader-repeats-subject", WARNING, "a preheader that repeats the subject"
)
def preheader_repeats_subject(inspected: InspectedEdition) -> Problems:
    """The preheader repeats the subject above it. Write a `preheader:` that adds something."""
    _, subject = _subject(inspected)
    if subject and fold(preheader(inspected.edition)) == fold(subject):
        line = line_of(inspected.issue, "preheader")
        yield Problem(
            "the preheader repeats the subject; write a 'preheader:' that adds something",
            line,
        )


@rule("marks-shown", WARNING, "line: marks that readers would see")
def marks_shown(inspected: InspectedEdition) -> Problems:
    """Readers would see unpaired Markdown marks (such as a single `*` or `[`) or HTML tags. Close
    the marks, or delete them.
    """
    for line, words in shown_words(inspected):
        match = _shown_mark(words)
        if match:
            yield Problem(
                f"readers would see the {match[0]} {position(match)}; {_advice_for(match[0])}",
                line,
            )


def _shown_mark(words: str) -> re.Match[str] | None:
    if pattern("pictures").search(words):  # which is another rule's concern
        return None
    for name in ("unpaired_marks", "spaced_links", "html_tags"):
        match = pattern(name).search(words)
        if match:
            return match
    return None


def _advice_for(mark: str) -> str:
    if mark.startswith("]"):
        return "write a link as [words](https://…)"
    if mark.startswith("<"):
        return "HTML isn't supported: write *words* or **words**, or delete it"
    return "close it, or delete it"


@rule("picture-in-text", ERROR)
def picture_in_text(inspected: InspectedEdition) -> Problems:
    """The text contains a Markdown picture, which emails don't show. Write `image:` below the
    item's headline.
    """
    for part in inspected.parts:
        for line, match in first_matches("pictures", text_lines(part)):
            yield Problem(
                f"pictures can't be in a text; write 'image: {match[1]}' below the headline",
                line,
            )


@rule("bare-address", WARNING, "link: only an address")
def bare_address(inspected: InspectedEdition) -> Problems:
    """A bare address in the text isn't a link in most mail apps. Write it as `[words](https://…)`."""
    for line, words in shown_words(inspected):
        for match in pattern("bare_addresses").finditer(words):
            address = quoted(match[0])
            yield Problem(
                f"{address} isn't a link; write it as [words](https://…)",
                line,
                about=address,
            )


@rule("never-file", ERROR)
def never_file(inspected: InspectedEdition) -> Problems:
    """The file set as `never` under `[check]` can't be read. Put the file there, or remove the
    setting.
    """
    try:
        never.read(inspected.newsletter)
    except FileError as error:
        yield Problem(error.message, error.line, error.path)


@rule("never-words", ERROR)
def never_words(inspected: InspectedEdition) -> Problems:
    """A word from the file set as `never` under `[check]` would be sent. Delete it, or reword the
    sentence.
    """
    try:
        words = never.read(inspected.newsletter)
    except FileError:  # which never-file reports
        return
    if not words:
        return
    numbered = _folded_lines(inspected)
    text = "\n".join(line for _, line in numbered)
    mail = _folded_mail(inspected)
    for word in words:
        message = f"{quoted(word.word)} must never appear ('never' under [check]); delete it, or reword the sentence"
        matches = list(word.find_in(text))
        for match in matches:
            index = text.count("\n", 0, match.start())
            yield Problem(message, numbered[index][0])
        if not matches and any(word.find_in(mail)):
            yield Problem(message)  # it comes from a template or the settings


def _folded_mail(inspected: InspectedEdition) -> str:
    """Return the text part without a reader's own data; empty if it can't be rendered."""
    if isinstance(inspected.rendered, BriefingError):
        return ""
    return fold(inspected.rendered.text.filled({}))


def _folded_lines(inspected: InspectedEdition) -> list[PassageLine]:
    """Return the folded lines of all passages, with gaps so wide that no name matches across two
    passages.
    """
    found: list[PassageLine] = []
    for passage in passages(inspected.issue):
        for number, line in passage:
            found.append((number, fold(line)))
        found += [(None, "")] * never.MAX_GAP
    return found


def _subject(inspected: InspectedEdition) -> PassageLine:
    issue = inspected.issue
    return line_of(issue, "subject"), issue.subject or issue.title
