"""Edits as JSON: for the page that makes them, and the journal that keeps them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, asdict, fields
from typing import Any, TypeGuard, get_type_hints

from briefing.text.decoding import without_lone_surrogates

from .edits import (
    AddItem,
    AddSection,
    Edit,
    MoveItem,
    MoveSection,
    Refusal,
    RemoveItem,
    RemoveSection,
    SetField,
)
from .parts import ItemPlace

_FORMS: dict[str, type[Edit]] = {
    "set-field": SetField,
    "move-item": MoveItem,
    "move-section": MoveSection,
    "add-item": AddItem,
    "remove-item": RemoveItem,
    "add-section": AddSection,
    "remove-section": RemoveSection,
}
_NAMES = {form: name for name, form in _FORMS.items()}
# A journal can have thousands of edits, and Python would work the types out again for each.
_TYPES = {form: get_type_hints(form) for form in _NAMES}
_UNKNOWN = f"'do' must be one of {', '.join(_FORMS)}"


def to_json(edit: Edit) -> dict[str, Any]:
    """Return an edit as an object: `do` names what it does, the other keys are its fields."""
    return {"do": _NAMES[type(edit)], **asdict(edit)}


def from_json(value: object) -> Edit | Refusal:
    """Return the edit that an object describes, or why it describes none: an unknown or missing key,
    or a value of another type.
    """
    if not _is_object(value):
        return Refusal("", "", "an edit must be an object")
    name = value.get("do")
    form = _FORMS.get(name) if isinstance(name, str) else None
    if form is None:
        return Refusal("", "do", _UNKNOWN)
    keys = {key: inner for key, inner in value.items() if key != "do"}
    for key, problem in _problems(form, keys):
        return Refusal("", key, f"'{key}' {problem}")
    arguments = {key: _argument(inner, key) for key, inner in keys.items()}
    return form(**arguments)


def known_edits(values: Iterable[object]) -> tuple[Edit, ...]:
    """Return the edits that objects of the journal describe, without those that another version of
    this program wrote and this one doesn't know.
    """
    edits = map(from_json, values)
    return tuple(edit for edit in edits if not isinstance(edit, Refusal))


def _problems(
    form: type[Edit],
    keys: dict[str, Any],
) -> Iterator[tuple[str, str]]:
    """Yield the keys that keep an object from being an edit of a form, with what is wrong."""
    types = _TYPES[form]
    for key, value in keys.items():
        if key not in types:
            yield key, "isn't a key of this edit"
            continue
        fits, description = _VALUES[types[key]]
        if not fits(value):
            yield key, f"must be {description}"
    for field in fields(form):
        if field.name not in keys and field.default is MISSING:
            yield field.name, "is missing"


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict) and all(map(_is_text, value))


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _has_texts(value: object) -> TypeGuard[dict[str, str]]:
    return _is_object(value) and all(map(_is_text, value.values()))


def _is_place(value: object) -> bool:
    if value is None:
        return True
    names = {field.name for field in fields(ItemPlace)}
    return _has_texts(value) and set(value) == names


_VALUES: dict[Any, tuple[Callable[[object], bool], str]] = {
    str: (_is_text, "a text"),
    bool: (_is_flag, "true or false"),
    Mapping[str, str]: (_has_texts, "an object of texts"),
    ItemPlace | None: (_is_place, "an object with 'section' and 'after'"),
}
"""What a value must be, as a test and in words, by the type in an edit."""


def _argument(value: Any, key: str) -> Any:
    """Return a value as an edit has it; texts as a file can have them."""
    if isinstance(value, str):
        return without_lone_surrogates(value)
    if value is None or isinstance(value, bool):
        return value
    texts = {
        without_lone_surrogates(name): without_lone_surrogates(text)
        for name, text in value.items()
    }
    return ItemPlace(**texts) if key == "before" else texts
