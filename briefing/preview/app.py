"""The web app of an issue: its routes together."""

from flask import Flask

from .actions import add_actions
from .adding_actions import add_adding_actions
from .bare_app import ReportLine, bare_app
from .desk.desk import Desk
from .doubts import Doubts
from .inbox_actions import add_inbox_actions
from .mail.snapshots import Snapshots
from .mail.views import add_mail_views
from .pages import add_pages
from .sharing import add_sharing
from .thumbnails import add_thumbnails
from .translating_actions import add_translating_actions
from .web.access import Access
from .web.changes import Changes
from .web.stream import add_stream


def create(
    desk: Desk,
    snapshots: Snapshots,
    changes: Changes,
    access: Access,
    report: ReportLine,
) -> Flask:
    """Create the app for one issue.

    `report` is called with a line for the terminal if there is a bug in briefing.
    """
    app = bare_app(access, report)
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
