"""An address typed where something else belongs is never repeated by an error."""

from collections.abc import Iterator

import click

from briefing.cli import cli, output
from tests.cli.conftest import Run

CANARY = "Canary.Reader@example.org"
SHOWN = {
    ("send", "--test-to"),  # the editor's own
    ("init", "DIR"),  # the name of the folder that is created
    ("init", "--name"),
    ("init", "--organisation"),
    ("init", "--from"),
}
"""Where an address, or any text, is what is meant."""
SHOWING = {"find"}
"""Commands whose output shows addresses; their errors don't."""


def commands(
    group: click.Group, names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            yield from commands(command, (*names, name))
        else:
            yield (*names, name), command


def misplaced() -> Iterator[tuple[str, ...]]:
    """Every command line with an address in one of its places."""
    yield ("-C", CANARY, "status")
    for names, command in commands(cli):
        yield (*names, f"--{CANARY}")
        yield (*names, CANARY, CANARY, CANARY)
        for parameter in command.params:
            if isinstance(parameter, click.Argument):
                place, line = (
                    parameter.make_metavar(click.Context(command)),
                    [CANARY],
                )
            elif parameter.is_flag:  # type: ignore[attr-defined]  # of click.Option
                continue
            else:
                place = parameter.opts[0]
                line = [place, CANARY]
            if (names[-1], place) not in SHOWN:
                yield (*names, *line)


def test_no_error_repeats_an_address_that_was_typed(
    issue: object, run: Run
) -> None:
    repeating = []
    for line in sorted(set(misplaced())):
        result = run(*line, stdin="")
        is_error = result.exit_code and not SHOWING.intersection(line)
        shown = result.stderr + (result.output if is_error else "")
        if "canary" in shown.lower():
            repeating.append((line, shown))
    assert not repeating


def test_it_is_hidden_in_whatever_form_it_was_typed(
    issue: object, run: Run
) -> None:
    for typed in (
        f"<{CANARY}>",
        f"a b {CANARY},",
        f"folder/{CANARY}/x",
        f"x={CANARY}",
    ):
        result = run("status", typed)
        assert result.exit_code == 1
        assert "canary" not in result.output.lower()


def test_everything_else_that_was_typed_is_repeated(
    issue: object, run: Run
) -> None:
    assert (
        "there is no issue '2020-13-40'" in run("status", "2020-13-40").stderr
    )


def test_a_test_address_is_shown_since_it_is_the_editors_own() -> None:
    context = click.Context(cli)
    line = ["send", "--test-to", "me@example.org", "other@example.org"]
    output.remember_addresses(context, line)
    with context:
        shown = output.hide_addresses(
            "me@example.org: rejected; no 'other@example.org'"
        )
    assert shown == "me@example.org: rejected; no '…'"
