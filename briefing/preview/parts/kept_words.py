"""Words that were typed and aren't in the file: what the page says about them. No I/O."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from briefing.issue.fields import value_of
from briefing.issue.model import Issue, Item, Section
from briefing.issue.parts import ISSUE, Parts
from briefing.preview.desk.records import FieldValues, KeptReason, KeptWords

from .editor import label_of

WHY = {
    KeptReason.CHANGED: "was changed elsewhere while you typed",
    KeptReason.GONE: "was removed elsewhere while you typed",
    KeptReason.OVERWRITTEN: "isn’t in the file any more: someone saved a version without it",
    KeptReason.REFUSED: "wasn’t saved: this field can’t contain it",
    KeptReason.READ_ONLY: "wasn’t saved: the issue was sent or scheduled",
    KeptReason.SOURCE: "wasn’t saved: someone else changed the file while you typed",
}


@dataclass(frozen=True, slots=True)
class KeptCard:
    """Kept words as the page lists them."""

    id: int
    part: str
    """The part that they belong to, which may be gone."""
    field: str
    is_conflict: bool
    """Whether both texts are shown in that field."""
    what: str
    """What the words are: Text of “A ruling”."""
    why: str
    words: str
    can_be_taken: bool = True
    """Whether they can be put into the file as they are."""


def cards_of(
    kept: Iterable[KeptWords], parts: Parts, removed: Mapping[str, FieldValues]
) -> list[KeptCard]:
    """Return a card for all kept words. `removed` has the fields of parts that are gone, by their ids."""
    return [_card(words, parts, removed) for words in kept]


def conflicts_in(kept: Iterable[KeptWords], part: str) -> dict[str, KeptWords]:
    """Return the words of a part's fields that wait for a decision, by field; the newest of each."""
    return {
        words.field: words
        for words in kept
        if words.part == part and words.reason is KeptReason.CHANGED
    }


def _card(
    words: KeptWords, parts: Parts, removed: Mapping[str, FieldValues]
) -> KeptCard:
    is_here = parts.part(words.part) is not None
    return KeptCard(
        id=words.id,
        part=words.part,
        field=words.field,
        is_conflict=is_here and words.reason is KeptReason.CHANGED,
        what=_what(words, parts, removed),
        why=WHY[words.reason],
        words=words.words,
        can_be_taken=words.reason is not KeptReason.REFUSED,
    )


def _what(
    words: KeptWords, parts: Parts, removed: Mapping[str, FieldValues]
) -> str:
    if words.reason is KeptReason.SOURCE:
        return "Your version of the file"
    fields = {**removed.get(words.part, {}), **words.item}
    name = _name(parts.part(words.part), fields)
    what = label_of(words.part, words.field)
    if words.part == ISSUE or not name:
        return what
    return f"{what} of “{name}”" if words.field else f"“{name}”"


def _name(part: Issue | Item | Section | None, gone: FieldValues) -> str:
    """Return the headline or title of a part, if it has one; of one that is gone, from its fields."""
    if isinstance(part, Item):
        return part.heading
    if isinstance(part, Section):
        return value_of(part, "title")
    return gone.get("heading", "") or gone.get("title", "")
