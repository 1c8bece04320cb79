"""briefing subscribers invite: links that let people join while joining is by invitation only."""

from pathlib import Path

import click

from briefing import clock
from briefing.cli import decorators, output
from briefing.errors import RefusedError
from briefing.newsletter import Newsletter

EXAMPLES = """\
briefing subscribers invite "Autumn conference"
briefing subscribers invite
briefing subscribers invite "Autumn conference" --withdraw
"""


@decorators.command("invite", examples=EXAMPLES)
@click.argument("name", required=False)
@click.option("--withdraw", is_flag=True, help="Withdraw this invitation.")
@decorators.json_option
@click.pass_obj
def invite(
    directory: Path, name: str | None, withdraw: bool, as_json: bool
) -> None:
    """Make a link that people can join with, or list the invitations.

    While 'mode' under [joining] is "invited", only people with such a link can
    join. Any number of people can use it. NAME is only for you: with it you can
    withdraw the invitation later.
    """
    if name is None:
        if withdraw:
            raise click.UsageError(
                "give the name of the invitation to withdraw"
            )
        _list(directory, as_json=as_json)
        return
    from briefing.sending.secrets import credentials
    from briefing.sending.secrets.editor_secrets import SYNC_KEY
    from briefing.syncing.server.api import ServerApi
    from briefing.syncing.server.invitations import Invitations

    newsletter = Newsletter.find(directory)
    invitations = Invitations(newsletter)
    joining = newsletter.settings.joining
    if not joining.url:
        raise RefusedError(
            "'url' under [joining] in briefing.toml is empty; 'briefing docs joining' shows how to set up the server"
        )
    secret = credentials.require(newsletter, SYNC_KEY)
    api = ServerApi(joining.url, secret, host=joining.host)
    if withdraw:
        invitations.withdraw(api, name)
        output.echo("The link no longer works.")
        return
    link = invitations.add(api, name, clock.today())
    if as_json:
        output.print_json({"name": name, "link": link})
        return
    output.echo(f"{link}\n")
    output.echo(
        "Pass it on as it is. It is shown only this once, and isn't stored."
    )


def _list(directory: Path, *, as_json: bool) -> None:
    from dataclasses import asdict

    from briefing.syncing.server.invitations import Invitations

    invitations = Invitations(Newsletter.find(directory)).all
    if as_json:
        output.print_json([asdict(each) for each in invitations])
        return
    for each in invitations:
        output.echo(f"{each.day}  {each.name}")
    if not invitations:
        output.echo("There are no invitations.")
