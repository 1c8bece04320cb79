"""Undo the last change of the list, without losing what readers asked for."""

from briefing.errors import BriefingError
from briefing.sending.list_update import Editing

from . import run
from .server import server_position


def undo_change(editing: Editing) -> None:
    """Put back the list as it was before the last change. If that was a sync, the next one reads again
    what readers asked for on the server: no one would know otherwise that they joined.

    Raises what `Editing.undo` and `server_position.read_again` raise, and BusyError during a sync.
    """
    change, _before = editing.require_undoable()
    if change.server is None:
        editing.undo()
        return
    newsletter = editing.newsletter
    with run.alone(newsletter):
        # First: if the program ends before the list is put back, reading something again does no harm.
        before = server_position.read_again(newsletter, change.server)
        try:
            editing.undo(before)
        except BriefingError:
            server_position.read_again(newsletter, before)
            raise
