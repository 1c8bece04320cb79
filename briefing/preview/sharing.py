"""What leaves the page: copies for messengers, and test emails. A real send stays a command."""

from typing import TypeGuard

from flask import Flask, abort, request

from briefing.rendering.copies import CopyFormat, copy_issue, copy_item

from .desk.desk import Desk
from .web.guard import JsonAnswer, posted

MOST_ADDRESSES = 20
"""Addresses of one test. More than that would be a real send."""


def add_sharing(app: Flask, desk: Desk) -> None:
    """Serve copies at /copy and tests at /test-mail.

    The code that sends emails is slow to import, and opening the page must not wait for it.
    """

    @app.get("/copy")
    def copy() -> tuple[str, dict[str, str]]:
        view = desk.view(request.args.get("lang", ""))
        try:
            target = CopyFormat(request.args.get("as", ""))
        except ValueError:
            abort(404)
        part = request.args.get("item", "")
        item = view.parts.item(part)
        if part and item is None:
            abort(404, "This item was removed in the meantime.")
        if item is None:
            text = copy_issue(desk.newsletter(), view.edition, target)
        else:
            text = copy_item(desk.newsletter(), view.edition, item, target)
        return text, {"Content-Type": "text/plain; charset=utf-8"}

    @app.get("/test-mail")
    def prepare() -> JsonAnswer:
        from . import trial_mail  # noqa: PLC0415  # see above

        here = desk.newsletter()
        return {
            "missing": trial_mail.missing(here),
            "addresses": ", ".join(here.settings.send.test),
            "command": f"briefing send {desk.folder.name}",
        }

    @app.post("/test-mail")
    def test() -> JsonAnswer:
        from . import trial_mail  # noqa: PLC0415  # see above

        addresses = posted().get("to")
        if not _are_addresses(addresses):
            abort(
                400, f"'to' must be a list of at most {MOST_ADDRESSES} texts."
            )
        sent = trial_mail.send(desk.newsletter(), desk.folder, addresses)
        return {
            "accepted": sent.accepted,
            "summary": sent.summary,
            "problems": list(sent.problems),
        }


def _are_addresses(value: object) -> TypeGuard[list[str]]:
    if not isinstance(value, list) or len(value) > MOST_ADDRESSES:
        return False
    return all(isinstance(address, str) for address in value)
