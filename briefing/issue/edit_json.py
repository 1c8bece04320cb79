"""Edits as JSON: for the page that makes them, and the journal that keeps them."""

from dataclasses import MISSING, asdict, fields
from typing import Any

from briefing.issue.edits import (
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
from briefing.issue.fields import readable
from briefing.issue.parts import Place

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
    assert isinstance(value, dict)
    keys = dict(value)
    name = keys.pop("do", None)
    form = _FORMS.get(name) if isinstance(name, str) else None
    if form is None:
        return Refusal("", "do", _UNKNOWN)
    known = {field.name: field for field in fields(form)}
    for key in keys:
        if key not in known:
            return Refusal("", key, f"'{name}' has no '{key}'")
    for key, field in known.items():
        if key not in keys:
            if field.default is MISSING:
                return Refusal("", key, f"'{name}' needs '{key}'")
            continue
        problem = _problem(form, key, keys[key])
        if problem:
            return Refusal("", key, f"'{key}' {problem}")
    written = {key: _readable(text) for key, text in keys.items()}
    if form is MoveItem and written.get("before") is not None:
        written["before"] = Place(**written["before"])
    return form(**written)


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        return {readable(key): readable(text) for key, text in value.items()}
    return readable(value) if isinstance(value, str) else value


def _problem(form: type[Edit], key: str, value: object) -> str:
    """Return what is wrong with the value of a key; empty if nothing is."""
    if form is AddItem and key == "item":
        is_item = _is_object(value) and _has_texts(value)
        return "" if is_item else "must be an object of texts"
    if form is MoveItem and key == "before":
        is_place = value is None or (
            _is_object(value) and _has_texts(value) and _is_place(value)
        )
        return "" if is_place else "must have 'section' and 'after'"
    return "" if isinstance(value, str) else "must be a text"


def _is_object(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(key, str) for key in value
    )


def _has_texts(value: object) -> bool:
    assert isinstance(value, dict)
    return all(isinstance(text, str) for text in value.values())


def _is_place(value: object) -> bool:
    assert isinstance(value, dict)
    return set(value) == {field.name for field in fields(Place)}
