"""What a request does to an edition: which edits apply, what becomes of words that can't be written,
and what is taken back. No I/O.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from briefing.issue.edits import (
    AddItem,
    AddSection,
    Applied,
    Conflict,
    Edit,
    Reason,
    Refusal,
    RemoveItem,
    RemoveSection,
    SetField,
    apply,
    continue_typing,
    label,
)
from briefing.issue.fields import value_of, values_of
from briefing.issue.parts import Parts

from .records import FieldValues, Kept, KeptReason, Step, StepState
from .requests import ApplyEdits, DeskRequest, Redo, Resolve, Undo
from .returned_words import words_of


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a decision depends on."""

    parts: Parts
    done: Step | None
    """The step to take back next."""
    undone: Step | None
    """The step to do again next."""
    kept: Sequence[Kept]
    removed: Mapping[str, FieldValues]
    """The fields of parts that are gone."""


@dataclass(slots=True)
class Decision:
    """What to write, and what to answer."""

    parts: Parts
    steps: list[Step] = dataclasses.field(default_factory=list)
    """New ones, and others with an id in a new state."""
    keep: list[Kept] = dataclasses.field(default_factory=list)
    """New kept words, and others with an id that were typed on."""
    drop: list[int] = dataclasses.field(default_factory=list)
    """Ids of kept words that are settled."""
    removed: dict[str, FieldValues] = dataclasses.field(default_factory=dict)
    edited: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    """The part and field of each edit of a field that applied."""
    added: list[str] = dataclasses.field(default_factory=list)
    """Ids of new parts, in the order of their edits."""
    conflicts: list[Conflict] = dataclasses.field(default_factory=list)
    refused: list[Refusal] = dataclasses.field(default_factory=list)

    @property
    def stored(self) -> dict[str, dict[str, str]]:
        """The values that the file now has for the edited fields, by part."""
        values: dict[str, dict[str, str]] = {}
        for part_id, name in self.edited:
            part = self.parts.part(part_id)
            if part is not None:
                fields = values.setdefault(part_id, {})
                fields[name] = value_of(part, name)
        return values


def decide(request: DeskRequest, sheet: Sheet) -> Decision:
    """Decide what a request does to an edition."""
    match request:
        case ApplyEdits():
            return _apply_edits(request, sheet)
        case Undo():
            return _take_back(sheet, sheet.done, StepState.UNDONE)
        case Redo():
            return _take_back(sheet, sheet.undone, StepState.DONE)
        case Resolve():
            return _resolve(request, sheet)


# Editing


def _apply_edits(request: ApplyEdits, sheet: Sheet) -> Decision:
    decision = Decision(sheet.parts)
    done: list[Edit] = []
    inverses: list[Edit] = []
    for edit in request.edits:
        inverse = _change_one(edit, sheet, decision)
        if inverse:
            done.append(_with_id(edit, inverse))
            # What was done last is taken back first.
            inverses.insert(0, inverse)
    if done:
        new = Step(tuple(done), tuple(inverses), label(done[0]))
        last = sheet.done if request.continues and not sheet.undone else None
        decision.steps.append(_joined(last, new) or new)
    return decision


def _change_one(edit: Edit, sheet: Sheet, decision: Decision) -> Edit | None:
    """Apply an edit; return the one that takes it back, or None if it changes nothing."""
    if isinstance(edit, SetField) and edit.changes_nothing:
        # Whatever others have written since can't conflict with it.
        decision.drop += _refused_before(edit, sheet.kept)
        return None
    if _is_undecided(edit, [*sheet.kept, *decision.keep]):
        _keep(edit, KeptReason.CHANGED, sheet, decision)
        decision.conflicts.append(_still_open(edit, decision.parts))
        return None
    outcome = apply(decision.parts, edit)
    if isinstance(outcome, Applied):
        decision.drop += _refused_before(edit, sheet.kept)
        return _note(edit, outcome, decision)
    _report(outcome, decision)
    if isinstance(edit, SetField):
        _keep(edit, _why_kept(outcome), sheet, decision)
    return None


def _report(outcome: Conflict | Refusal, decision: Decision) -> None:
    """Report why an edit doesn't apply."""
    if isinstance(outcome, Conflict):
        decision.conflicts.append(outcome)
    else:
        decision.refused.append(outcome)


def _why_kept(outcome: Conflict | Refusal) -> KeptReason:
    """Why a field's words are kept that couldn't be written."""
    if isinstance(outcome, Conflict):
        return KeptReason(outcome.reason)
    return KeptReason.REFUSED


def _refused_before(edit: Edit, kept: Sequence[Kept]) -> list[int]:
    """Return the ids of values that the field of an edit couldn't have, once it has another one."""
    if not isinstance(edit, SetField):
        return []
    return [
        words.id
        for words in kept
        if words.reason is KeptReason.REFUSED
        and words.is_of(edit.part, edit.field)
    ]


def _is_undecided(edit: Edit, kept: Sequence[Kept]) -> TypeGuard[SetField]:
    """Whether an edit is of a field to which nothing may be written, since two versions of it wait
    for a decision.
    """
    return isinstance(edit, SetField) and any(
        words.is_of(edit.part, edit.field)
        and words.reason is KeptReason.CHANGED
        for words in kept
    )


def _note(edit: Edit, outcome: Applied, decision: Decision) -> Edit | None:
    """Note what an edit has done; return the one that takes it back, or None if it changed nothing."""
    before, decision.parts = decision.parts, outcome.parts
    if isinstance(edit, SetField):
        decision.edited.append((edit.part, edit.field))
    added = _removed_part(outcome.inverse)
    if added:
        decision.added.append(added)
    decision.removed |= _removed_by(edit, before)
    return None if before == decision.parts else outcome.inverse


def _removed_by(edit: Edit, parts: Parts) -> dict[str, FieldValues]:
    """Return the fields of the part that an edit removes, by its id."""
    part_id = _removed_part(edit)
    part = parts.part(part_id)
    return {part_id: values_of(part)} if part is not None else {}


def _removed_part(edit: Edit) -> str:
    """Return the id of the part that an edit removes; empty if it removes none."""
    match edit:
        case RemoveItem(item=part_id) | RemoveSection(section=part_id):
            return part_id
    return ""


def _with_id(edit: Edit, inverse: Edit) -> Edit:
    """Return an edit that adds a part with the id that it got, which it gets again if it is undone
    and redone.
    """
    if isinstance(edit, AddItem | AddSection):
        return replace(edit, id=_removed_part(inverse))
    return edit


def _joined(last: Step | None, new: Step) -> Step | None:
    """Return the last step with what was typed on in the same field; None if these are two steps."""
    if last is None:
        return None
    # The inverses have the values as they are stored, which may differ from what was typed.
    back = continue_typing(new.inverses, last.inverses)
    if back is None:
        return None
    whole = replace(back, before=back.after, after=back.before)
    return replace(last, edits=(whole,), inverses=(back,))


def _still_open(edit: SetField, parts: Parts) -> Conflict:
    part = parts.part(edit.part)
    theirs = value_of(part, edit.field) if part is not None else ""
    reason = Reason.CHANGED if part is not None else Reason.GONE
    return Conflict(edit.part, reason, edit.field, theirs, edit.after)


# Words that can't be written


def kept_instead(
    edits: Sequence[Edit], reason: KeptReason, sheet: Sheet
) -> Decision:
    """Decide what is kept of edits of which nothing may be written."""
    decision = Decision(sheet.parts)
    for edit in edits:
        if isinstance(edit, SetField):
            _keep(edit, reason, sheet, decision)
        if isinstance(edit, AddItem):
            words = edit.item.get("heading") or edit.item.get("text") or ""
            kept = Kept(edit.id, "", "", words, reason, edit.item)
            if kept not in [replace(known, id=0) for known in sheet.kept]:
                decision.keep.append(kept)
    return decision


def _keep(
    edit: SetField, reason: KeptReason, sheet: Sheet, decision: Decision
) -> None:
    """Keep what was typed, as a further version of the same words if it goes on with them."""
    known = [*sheet.kept, *decision.keep]
    for words in reversed(known):
        is_same_field = words.is_of(edit.part, edit.field)
        is_alike = is_same_field and words.reason is reason
        if is_alike and (reason is KeptReason.REFUSED or _goes_on(edit, words)):
            changed = replace(words, words=edit.after)
            if words in decision.keep:
                decision.keep.remove(words)
            decision.keep.append(changed)
            return
    item: FieldValues = {}
    if reason is KeptReason.GONE:
        item = sheet.removed.get(edit.part, {})
    decision.keep.append(
        Kept(edit.part, edit.field, edit.before, edit.after, reason, item)
    )


def _goes_on(edit: SetField, kept: Kept) -> bool:
    """Whether an edit was made to the kept words, or has all of them as well."""
    before = words_of(edit.before)
    words = words_of(kept.words)
    if before == words:
        return True
    has_all = words_of(edit.after)[: len(words)] == words
    return before == words_of(kept.before) and has_all


def _resolve(request: Resolve, sheet: Sheet) -> Decision:
    decision = Decision(sheet.parts)
    kept = {words.id: words for words in sheet.kept}.get(request.kept)
    if kept is None:
        return decision
    if not request.mine:
        decision.drop.append(kept.id)
        decision.steps.append(Step.discarding(kept))
        return decision
    edits, chosen_ids = _taking(kept, sheet)
    # Nothing kept prevents this: other versions stay until each is decided on.
    result = _apply_edits(ApplyEdits(tuple(edits)), replace(sheet, kept=()))
    if not result.conflicts and not result.refused:
        result.drop += chosen_ids
    return result


def _taking(kept: Kept, sheet: Sheet) -> tuple[list[Edit], list[int]]:
    """Return the edits that put kept words into the issue, and the ids of those words."""
    part = sheet.parts.part(kept.part)
    if part is None:
        edit, ids = _making_again(kept, sheet)
        return [edit], ids
    values = {kept.field: kept.words} if kept.field else kept.item
    edits: list[Edit] = [
        SetField(kept.part, name, value_of(part, name), value)
        for name, value in values.items()
    ]
    return edits, [kept.id]


def _making_again(kept: Kept, sheet: Sheet) -> tuple[Edit, list[int]]:
    """Return the edit that makes a part again that is gone, with what was typed in it, and the ids
    of these words.
    """
    fields = {**sheet.removed.get(kept.part, {}), **kept.item}
    used = {kept.field: kept}
    for other in sheet.kept if kept.part else ():
        if other.part == kept.part:
            fields = {**other.item, **fields}
            used.setdefault(other.field, other)
    for name, words in used.items():
        if name:
            fields[name] = words.words
    ids = [words.id for words in used.values()]
    if kept.part.startswith("s"):
        return AddSection(fields.get("title", ""), _LAST, kept.part), ids
    return AddItem(fields, _LAST, _LAST, kept.part), ids


_LAST = "last"
"""The id of no part: what is put below it goes to the end."""


# Taking back


def _take_back(sheet: Sheet, step: Step | None, state: StepState) -> Decision:
    """Take a step back, or do it again: the edits that this takes become those of the other way."""
    decision = Decision(sheet.parts)
    if step is None:
        return decision
    edits = step.inverses if state is StepState.UNDONE else step.edits
    for edit in edits:
        if _is_undecided(edit, sheet.kept):
            decision.conflicts.append(_still_open(edit, sheet.parts))
            return decision
    parts = sheet.parts
    removed: dict[str, FieldValues] = {}
    back: list[Edit] = []
    for edit in edits:
        outcome = apply(parts, edit)
        if not isinstance(outcome, Applied):
            _report(outcome, decision)
            # It is put out of the way of the steps before it, which may still be taken back.
            decision.steps.append(replace(step, state=StepState.STUCK))
            return decision
        removed |= _removed_by(edit, parts)
        parts = outcome.parts
        back.insert(0, outcome.inverse)
    decision.parts = parts
    decision.removed = removed
    decision.edited += list(_fields(back))
    other = tuple(back)
    if state is StepState.UNDONE:
        decision.steps.append(replace(step, edits=other, state=state))
    else:
        decision.steps.append(replace(step, inverses=other, state=state))
    return decision


def _fields(edits: Sequence[Edit]) -> Iterator[tuple[str, str]]:
    for edit in edits:
        if isinstance(edit, SetField):
            yield edit.part, edit.field
