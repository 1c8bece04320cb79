"""What a request does to an edition: which edits apply, what becomes of words that can't be written,
and what is undone or redone. No I/O.
"""

import dataclasses
from collections.abc import Mapping, Sequence
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
    continue_typing,
    label,
)
from briefing.issue.fields import value_of, values_of
from briefing.issue.parts import END, Parts, is_section_id

from .records import FieldValues, KeptReason, KeptWords, Step, StepState
from .requests import ApplyEdits, DeskRequest, Redo, Resolve, Undo
from .returned_words import bare_words


@dataclass(frozen=True, slots=True)
class EditionState:
    """All that a decision depends on."""

    parts: Parts
    to_undo: Step | None
    """The step that is undone next."""
    to_redo: Step | None
    """The step that is redone next."""
    kept: Sequence[KeptWords]
    removed: Mapping[str, FieldValues]
    """The fields of parts that are gone."""


@dataclass(slots=True)
class Decision:
    """What to write, and what to answer."""

    parts: Parts
    steps: list[Step] = dataclasses.field(default_factory=list)
    """New ones, and others with an id in a new state."""
    keep: list[KeptWords] = dataclasses.field(default_factory=list)
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


def decide(request: DeskRequest, state: EditionState) -> Decision:
    """Decide what a request does to an edition."""
    match request:
        case ApplyEdits():
            return _apply_edits(request, state)
        case Undo():
            return _undo_or_redo(state, state.to_undo, StepState.UNDONE)
        case Redo():
            return _undo_or_redo(state, state.to_redo, StepState.DONE)
        case Resolve():
            return _resolve(request, state)


# Editing


def _apply_edits(request: ApplyEdits, state: EditionState) -> Decision:
    decision = Decision(state.parts)
    done: list[Edit] = []
    inverses: list[Edit] = []
    for edit in request.edits:
        inverse = _apply_one(edit, state, decision)
        if inverse:
            done.append(_with_id(edit, inverse))
            # What was done last is undone first.
            inverses.insert(0, inverse)
    if done:
        new = Step(tuple(done), tuple(inverses), label(done[0]))
        may_continue = request.continues and not state.to_redo
        last = state.to_undo if may_continue else None
        decision.steps.append(_joined(last, new) or new)
    return decision


def _apply_one(
    edit: Edit, state: EditionState, decision: Decision
) -> Edit | None:
    """Apply an edit; return the one that undoes it, or None if it changes nothing."""
    if isinstance(edit, SetField) and edit.changes_nothing:
        # Whatever others have written since can't conflict with it.
        decision.drop += _refused_before(edit, state.kept)
        return None
    if _is_undecided(edit, [*state.kept, *decision.keep]):
        _keep(edit, KeptReason.CHANGED, state, decision)
        decision.conflicts.append(_unresolved(edit, decision.parts))
        return None
    outcome = edit.applied_to(decision.parts)
    if isinstance(outcome, Applied):
        decision.drop += _refused_before(edit, state.kept)
        return _record_applied(edit, outcome, decision)
    _report(outcome, decision)
    if isinstance(edit, SetField):
        _keep(edit, _why_kept(outcome), state, decision)
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


def _refused_before(edit: Edit, kept: Sequence[KeptWords]) -> list[int]:
    """Return the ids of values that the field of an edit couldn't have, once it has another one."""
    if not isinstance(edit, SetField):
        return []
    return [
        words.id
        for words in kept
        if words.reason is KeptReason.REFUSED
        and words.is_of(edit.part, edit.field)
    ]


def _is_undecided(edit: Edit, kept: Sequence[KeptWords]) -> TypeGuard[SetField]:
    """Whether two versions of an edit's field wait for a decision, so that nothing may be written to it."""
    return isinstance(edit, SetField) and any(
        words.is_of(edit.part, edit.field)
        and words.reason is KeptReason.CHANGED
        for words in kept
    )


def _record_applied(
    edit: Edit, outcome: Applied, decision: Decision
) -> Edit | None:
    """Record what an edit has done; return the one that undoes it, or None if it changed nothing."""
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
    """Return the last step with what was then typed in the same field; None if these are two steps."""
    if last is None:
        return None
    # The inverses have the values as they are stored, which may differ from what was typed.
    back = continue_typing(new.inverses, last.inverses)
    if back is None:
        return None
    whole = replace(back, before=back.after, after=back.before)
    return replace(last, edits=(whole,), inverses=(back,))


def _unresolved(edit: SetField, parts: Parts) -> Conflict:
    part = parts.part(edit.part)
    theirs = value_of(part, edit.field) if part is not None else ""
    reason = Reason.CHANGED if part is not None else Reason.GONE
    return Conflict(edit.part, reason, edit.field, theirs, edit.after)


# Words that can't be written


def keep_unwritten(
    edits: Sequence[Edit], reason: KeptReason, state: EditionState
) -> Decision:
    """Decide what to keep of edits that may not be written at all."""
    decision = Decision(state.parts)
    for edit in edits:
        if isinstance(edit, SetField):
            _keep(edit, reason, state, decision)
        if isinstance(edit, AddItem):
            words = edit.item.get("heading") or edit.item.get("text") or ""
            kept = KeptWords(edit.id, "", "", words, reason, edit.item)
            if kept not in [replace(known, id=0) for known in state.kept]:
                decision.keep.append(kept)
    return decision


def _keep(
    edit: SetField, reason: KeptReason, state: EditionState, decision: Decision
) -> None:
    """Keep what was typed, in place of the kept words that it continues, if any."""
    earlier = _earlier_version(edit, reason, [*state.kept, *decision.keep])
    if earlier:
        if earlier in decision.keep:
            decision.keep.remove(earlier)
        decision.keep.append(replace(earlier, words=edit.after))
        return
    item: FieldValues = {}
    if reason is KeptReason.GONE:
        item = state.removed.get(edit.part, {})
    decision.keep.append(
        KeptWords(edit.part, edit.field, edit.before, edit.after, reason, item)
    )


def _earlier_version(
    edit: SetField, reason: KeptReason, kept: Sequence[KeptWords]
) -> KeptWords | None:
    """Return the newest words that were kept of a field for the same reason and that an edit continues."""
    for words in reversed(kept):
        is_same_field = words.is_of(edit.part, edit.field)
        is_alike = is_same_field and words.reason is reason
        if is_alike and (
            reason is KeptReason.REFUSED or _continues(edit, words)
        ):
            return words
    return None


def _continues(edit: SetField, kept: KeptWords) -> bool:
    """Whether an edit was made to the kept words, or has all of them as well."""
    before = bare_words(edit.before)
    words = bare_words(kept.words)
    if before == words:
        return True
    has_all = bare_words(edit.after)[: len(words)] == words
    return before == bare_words(kept.before) and has_all


def _resolve(request: Resolve, state: EditionState) -> Decision:
    decision = Decision(state.parts)
    kept = {words.id: words for words in state.kept}.get(request.kept)
    if kept is None:
        return decision
    if not request.mine:
        decision.drop.append(kept.id)
        decision.steps.append(Step.discarding(kept))
        return decision
    edits, chosen_ids = _edits_restoring(kept, state)
    # Nothing kept prevents this: other versions stay until each is decided on.
    result = _apply_edits(ApplyEdits(tuple(edits)), replace(state, kept=()))
    if not result.conflicts and not result.refused:
        result.drop += chosen_ids
    return result


def _edits_restoring(
    kept: KeptWords, state: EditionState
) -> tuple[list[Edit], list[int]]:
    """Return the edits that put kept words into the issue, and the ids of these words."""
    part = state.parts.part(kept.part)
    if part is None:
        edit, ids = _edit_recreating(kept, state)
        return [edit], ids
    values = {kept.field: kept.words} if kept.field else kept.item
    edits: list[Edit] = [
        SetField(kept.part, name, value_of(part, name), value)
        for name, value in values.items()
    ]
    return edits, [kept.id]


def _edit_recreating(
    kept: KeptWords, state: EditionState
) -> tuple[Edit, list[int]]:
    """Return the edit that recreates a part that is gone, with what was typed in it, and the ids of
    these words.
    """
    fields = {**state.removed.get(kept.part, {}), **kept.item}
    used = {kept.field: kept}
    for other in state.kept if kept.part else ():
        if other.part == kept.part:
            fields = {**other.item, **fields}
            used.setdefault(other.field, other)
    for name, words in used.items():
        if name:
            fields[name] = words.words
    ids = [words.id for words in used.values()]
    if is_section_id(kept.part):
        return AddSection(fields.get("title", ""), END, kept.part), ids
    return AddItem(fields, END, END, kept.part), ids


# Undo and redo


def _undo_or_redo(
    state: EditionState, step: Step | None, new_state: StepState
) -> Decision:
    """Undo or redo a step. The edits that undo these changes become those of the opposite direction."""
    decision = Decision(state.parts)
    if step is None:
        return decision
    edits = step.inverses if new_state is StepState.UNDONE else step.edits
    for edit in edits:
        if _is_undecided(edit, state.kept):
            decision.conflicts.append(_unresolved(edit, state.parts))
            return decision
    parts = state.parts
    removed: dict[str, FieldValues] = {}
    inverses: list[Edit] = []
    for edit in edits:
        outcome = edit.applied_to(parts)
        if not isinstance(outcome, Applied):
            _report(outcome, decision)
            # Out of the way of the steps before it, which can perhaps still be undone.
            decision.steps.append(replace(step, state=StepState.STUCK))
            return decision
        removed |= _removed_by(edit, parts)
        parts = outcome.parts
        inverses.insert(0, outcome.inverse)
    decision.parts = parts
    decision.removed = removed
    decision.edited += [
        (edit.part, edit.field)
        for edit in inverses
        if isinstance(edit, SetField)
    ]
    opposite = tuple(inverses)
    now = replace(step, state=new_state)
    if new_state is StepState.UNDONE:
        decision.steps.append(replace(now, edits=opposite))
    else:
        decision.steps.append(replace(now, inverses=opposite))
    return decision
