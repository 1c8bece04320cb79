"""Recognise credits and notices: "Photo: AFP", "Below is an article published by BBC."."""

from collections.abc import Mapping

from briefing.collecting.brief.vocabulary import Form, forms
from briefing.issue.model import Kind

from .kinds import kind_of
from .line import Line, Role
from .names import LONGEST_NAME, is_name

_LONGEST_CREDIT = 60
_MOST_BARE_WORDS = 4
_CREDIT = Form(
    r"((<photo>|<photo_credit>|<photo_courtesy>)({mark}| <author>)|<photo_credit> |<credit_label>[ ]:|©|\(c\))"
    "[ ][©|<author>][ ]{credit}"
)
_CREDIT_IN_NOTICE = Form(
    "{before}(<photo>|<photo_credit>|<photo_courtesy>|©)[{mark}|[ ]<author>][ ]{credit}"
)
_BARE_CREDIT = Form("<photo> {name}")
_NOTICES = forms("notice")


def classify_credit(text: str) -> Line | None:
    """Recognise a line that is only a photo's credit."""
    credit = _CREDIT.match(text.strip("()[] "))
    name = _without_stop(credit["credit"]) if credit else ""
    if not name:
        return None
    if len(name) > _LONGEST_CREDIT:
        return None
    # "Photo: AFP. The ferry returned" is a caption.
    if ". " in name:
        return None
    return Line(Role.CREDIT, text, photo=name)


def bare_credit(text: str) -> str:
    """The name in "Photo Getty Images", which is a credit only directly below a headline: "Photo
    Exhibition Opens" isn't one.
    """
    if len(text) > LONGEST_NAME:
        return ""
    credit = _BARE_CREDIT.match(text)
    name = _without_stop(credit["name"]) if credit else ""
    return name if _is_written_like_a_name(name) else ""


def _is_written_like_a_name(text: str) -> bool:
    words = text.split()
    return len(words) <= _MOST_BARE_WORDS and not any(
        word[0].islower() for word in words
    )


def classify_notice(text: str) -> Line | None:
    """Recognise a line that names the publisher of the text below it, and perhaps a photo's credit
    and the kind of item.
    """
    notice = next(filter(None, (form.match(text) for form in _NOTICES)), None)
    if notice is None:
        return None
    publisher, photo = _publisher_and_photo(notice)
    if not is_name(publisher):
        return None
    if len(photo) > _LONGEST_CREDIT:
        return None
    # The publisher's name may have the word for a kind: "an article published by Statement Post".
    kind = kind_of(text.replace(notice["name"], ""))
    return Line(
        Role.NOTICE,
        text,
        name=publisher,
        kind=kind or Kind.ARTICLE,
        photo=photo,
    )


def _publisher_and_photo(notice: Mapping[str, str]) -> tuple[str, str]:
    """The publisher and the credit in a notice; the credit comes last."""
    publisher = notice["name"]
    after = notice.get("after", "")
    credit = _CREDIT_IN_NOTICE.match(after or publisher)
    if credit is None:
        return _without_stop(publisher), ""
    name = publisher if after else credit["before"]
    return _without_stop(name), _without_stop(credit["credit"])


def _without_stop(name: str) -> str:
    return name.strip(" .,;:()[]")


def credit_at_end(caption: str) -> str:
    """The photographer in a caption, alone or behind its last sentence; "" if none is named."""
    _, _, end = caption.rpartition(". ")
    credit = classify_credit(end)
    return credit.photo if credit else ""
