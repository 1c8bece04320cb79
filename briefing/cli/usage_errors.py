"""Word mistakes on the command line: one line, with what to do. Click's own words are for programmers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click
from click.exceptions import NoArgsIsHelpError

from briefing.text.counts import either

from .output import fail

_SES = "send through its mail server instead, with --via smtp: 'briefing docs ses' shows what to write into [smtp]"

GONE = {
    "--json": "only check, status, collect, compose, subscribers, and subscribers find, sync and explain print JSON",
    "recall": "a send waits for its time on this computer: press Ctrl-C where it waits, and nothing is sent",
    "send --corrected": "readers who don't have the issue yet get it as it was when the send began. If they shouldn't, "
    "use 'briefing send ISSUE --end', and tell everyone with an issue that has 'corrects: ISSUE'",
    "send --late": "readers who join after the first emails of an issue get the next issue",
    "send --open": "open a file in rehearsal/ with your mail app",
    "send --clear-rehearsals": "rehearsals are deleted after a week; to delete them now, delete the folder rehearsal",
    "send --no-wait": "press Ctrl-C when a send waits for deferred emails; the next send tries them again",
    "send --show-answer": "what the server answered is in your provider's log",
    "send --via ses": _SES,
    "setup --via ses": _SES,
    "check --test-mail": "write to your address for returned mail yourself, and see whether it arrives",
    "collect --mailbox": "save the email as .eml, and use 'briefing compose --from mail.eml'",
    "subscribers set": "the list is a CSV file: change it in a spreadsheet or an editor",
    "subscribers count": "'briefing subscribers' alone prints the numbers by language and tag",
    "subscribers invite": "send people the address of your form, or use 'briefing subscribers add' if they have agreed",
    "subscribers keys new": "'briefing subscribers keys' makes the keys that are missing",
    "subscribers keys sync": "'briefing subscribers keys' makes the keys that are missing",
    "subscribers keys --replace": "use --renew",
    "subscribers sync --accept": "a sync shows all changes and asks once; --yes makes them without asking",
    "subscribers sync --reject": "a sync shows all changes and asks once; after a no, only departures are recorded",
    "subscribers serve --unix-socket": "use --host and --port, with nginx in front",
    "subscribers export --force": "choose a file that doesn't exist yet",
    "subscribers export --yes": "leave it out; nothing is asked",
    "subscribers undo --dry-run": "leave it out; 'undo' says what it would undo before it asks",
    "subscribers add --joined": "write the day into --consent",
    "subscribers restore --list": "leave it out; the record of readers who left is enough",
    "subscribers add --force": "leave it out; similar addresses aren't asked about",
}
"""What to do instead of commands, options and their values that earlier versions had. They are looked up
only if these don't exist.
"""


@contextmanager
def reported_as_one_line() -> Iterator[None]:
    """End the program with one line for a mistake; with the help, if a command lacks its subcommand."""
    try:
        yield
    except NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        fail(describe(error), error.exit_code)


def describe(error: click.UsageError) -> str:
    """Return what is wrong and what to do. Errors of briefing's own are worded where they are raised."""
    if isinstance(error, click.NoSuchOption):
        return _no_such_option(error)
    if isinstance(error, click.BadOptionUsage):
        return _bad_use(error)
    if isinstance(error, click.MissingParameter):
        return f"{_name(error)} is missing; {_see_help(error)}"
    if isinstance(error, click.BadParameter):
        return _bad_value(error)
    return error.message


def gone_command(context: click.Context, name: str) -> str:
    """Return what to do instead of a command that earlier versions had; empty if none of them had it."""
    instead = GONE.get(_without_program(f"{context.command_path} {name}"))
    return f"there is no command '{name}'; {instead}" if instead else ""


def too_many(context: click.Context, words: Sequence[str]) -> click.UsageError:
    """Return the error about words for which a command has no use."""
    return click.UsageError(
        gone_command(context, words[0])
        or f"'{' '.join(words)}' wasn't expected here; put words that belong together in quotes, or see "
        f"'{context.command_path} --help'",
        context,
    )


def _without_program(command: str) -> str:
    return command.partition(" ")[2]


def _see_help(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "briefing"
    return f"'{path} --help' shows how to use the command"


def _no_such_option(error: click.NoSuchOption) -> str:
    import difflib  # only needed after a mistake

    typed = error.option_name
    path = error.ctx.command_path if error.ctx else ""
    instead = GONE.get(_without_program(f"{path} {typed}"), GONE.get(typed))
    if instead:
        return f"there is no option {typed}; {instead}"
    known = [name for each in _parameters(error) for name in each.opts]
    similar = difflib.get_close_matches(typed, known, 1, cutoff=0.75)
    hint = f"did you mean {similar[0]}?" if similar else _see_help(error)
    return f"there is no option {typed}; {hint}"


def _bad_use(error: click.BadOptionUsage) -> str:
    """Describe an option that lacks its value, or a flag that has one."""
    name = error.option_name
    for parameter in _parameters(error):
        if name in parameter.opts and getattr(parameter, "is_flag", False):
            return f"{name} takes no value; leave out = and what follows it"
    return f"{name} needs a value after it; {_see_help(error)}"


def _parameters(error: click.UsageError) -> list[click.Parameter]:
    return error.ctx.command.params if error.ctx else []


def _bad_value(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return _bad_choice(error, kind.choices)
    if isinstance(kind, click.IntRange):
        return f"{_name(error)} must be a whole number{_limits(kind)}"
    if isinstance(kind, click.Path) and kind.exists:
        what = "file" if kind.file_okay else "folder"
        return (
            f"{_name(error)} must be a {what} that exists and that you can read"
        )
    return f"{_name(error)}: {error.message}"


def _bad_choice(error: click.BadParameter, choices: Sequence[object]) -> str:
    name = _name(error)
    path = error.ctx.command_path if error.ctx else ""
    # click quotes what was typed: "'ses' is not one of …".
    typed = error.message.partition(" is not ")[0].strip("'")
    if instead := GONE.get(_without_program(f"{path} {name} {typed}")):
        return f"there is no {name} {typed}; {instead}"
    return f"{name} must be {either(choices)}"


def _limits(kind: click.IntRange) -> str:
    if kind.max is None:
        return f", {kind.min} or more"
    return f" from {kind.min} to {kind.max}"


def _name(error: click.BadParameter) -> str:
    """Return an option, or the word that the help has for an argument: `--limit`, `FILE`."""
    parameter = error.param
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    if parameter is None or error.ctx is None:
        return str(error.param_hint)
    return parameter.make_metavar(error.ctx).strip("[].")
