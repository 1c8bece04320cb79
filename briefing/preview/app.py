"""The web app of an issue: its routes together."""

from collections.abc import Callable

from flask import Flask

from briefing.preview.access import Access
from briefing.preview.actions import add_actions
from briefing.preview.adding_actions import add_adding_actions
from briefing.preview.bare_app import bare_app
from briefing.preview.changes import Changes
from briefing.preview.desk import Desk
from briefing.preview.doubts import Doubts
from briefing.preview.inbox_actions import add_inbox_actions
from briefing.preview.mail_views import add_mail_views
from briefing.preview.pages import add_pages
from briefing.preview.sharing import add_sharing
from briefing.preview.snapshots import Snapshots
from briefing.preview.stream import add_stream
from briefing.preview.thumbnails import add_thumbnails
from briefing.preview.translating_actions import add_translating_actions


def create(
    desk: Desk,
    snapshots: Snapshots,
    changes: Changes,
    access: Access,
    *,
    port: int,
    report: Callable[[str], None],
) -> Flask:
    """Create the app for one issue, to be served on a port of 127.0.0.1.

    `report` is called with a line for the terminal if there is a bug in briefing.
    """
    app = bare_app(access, port=port, report=report)
    doubts = Doubts()
    add_pages(app, desk, snapshots, changes, access=access, doubts=doubts)
    add_actions(app, desk, changes)
    add_adding_actions(app, desk, doubts, changes)
    add_inbox_actions(app, desk, changes)
    add_translating_actions(app, desk, changes)
    add_sharing(app, desk)
    add_mail_views(app, snapshots)
    add_thumbnails(app, snapshots)
    add_stream(app, changes)
    return app
