"""The mail as the page's frame shows it: it runs nothing, contacts no one, and its links do nothing."""

import re

from flask import Flask, Response, abort

from briefing.preview.scroll_anchor import with_anchor
from briefing.preview.snapshots import Snapshot, Snapshots

MAIL_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox"
)
"""Keeps a draft from running anything or contacting anyone, whatever it contains."""

FRAME = re.compile(r"<(?=i?frame\b)", re.IGNORECASE)


def add_mail_views(app: Flask, snapshots: Snapshots) -> None:
    """Serve the latest snapshot of each edition below /mail/."""

    @app.get("/mail/<lang>")
    def mail(lang: str) -> Response:
        snapshot = snapshots.latest(lang) or abort(404)
        return Response(
            _framed(snapshot), headers={"Content-Security-Policy": MAIL_POLICY}
        )


def _framed(snapshot: Snapshot) -> str:
    """Return the mail as its frame shows it."""
    # Chromium connects to the host of a frame before it checks the policy, so frames are shown as
    # text.
    html = FRAME.sub("&lt;", snapshot.html)
    # A link would replace the mail. In a new window, which the sandbox forbids, it does nothing.
    html = html.replace("<head>", '<head><base target="_blank">', 1)
    return with_anchor(html, snapshot.changed)
