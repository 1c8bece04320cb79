"""Leave out the greeting above a brief's introduction: the email greets each reader by name."""

from dataclasses import replace

from markdown_it.common.utils import unescapeAll

from briefing.collecting.brief.lines.headlines import is_only_greeting

from .model import Brief, left_out_above, note_on_introduction


def without_greeting(brief: Brief) -> Brief:
    """A brief without the greeting that is a paragraph by itself above its introduction, which then begins large; its
    first item has a note.
    """
    greeting, *paragraphs = brief.introduction.split("\n\n")
    if not is_only_greeting(greeting):
        return brief
    text = "\n\n".join(paragraphs)
    first, *others = brief.items
    # The introduction is Markdown, but notes quote plain words.
    words = unescapeAll(greeting)
    noted = first.without_note(note_on_introduction(words))
    notes = (left_out_above(words), *noted.notes)
    return replace(
        brief,
        items=[replace(noted, notes=notes), *others],
        introduction=text[:1].upper() + text[1:],
    )
