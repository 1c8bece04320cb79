"""The email as the page's frames show it: it runs nothing, contacts no one, and its links do nothing."""

from flask import Flask, Response, abort, request

from .choices import LOOKS, choice_of
from .snapshots import Snapshots, sample_columns

MAIL_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'; sandbox allow-same-origin"
)
"""Keeps a draft from running anything or contacting anyone, whatever it contains. It has the page's
origin, so that the page can keep its place, but no scripts.
"""


def add_mail_views(app: Flask, snapshots: Snapshots) -> None:
    """Serve the email of each edition below /mail/; `look` and `reader` say how it is shown. If the
    page has that version already, 204.
    """
    looks = {look.name: look for look in LOOKS}

    @app.get("/mail/<lang>")
    def mail(lang: str) -> Response:
        snapshot = snapshots.current(lang) or abort(404)
        if request.args.get("known") == snapshot.digest:
            return Response(status=204)
        look = looks.get(request.args.get("look", ""), LOOKS[0])
        columns = sample_columns(is_named=choice_of(request.args).is_named)
        page = snapshot.page(columns, look.variant, is_dark=look.is_dark)
        headers = {"Content-Security-Policy": MAIL_POLICY}
        return Response(page, headers=headers)
