"""Settings that earlier versions had, and what to do instead of each.

They are looked up only if the program doesn't know a setting or its value (see `toml_tables`).
"""

_SES = "'briefing docs ses' shows what Amazon SES needs there"
_FULL_MAILBOXES = (
    "can't be set any more; delete this line: a reader whose mailbox is full or unreachable is unsubscribed after "
    "three issues over 21 days"
)

GONE = {
    "ses": f"[ses] isn't used any more; delete it and fill in [smtp]: {_SES}",
    "send.via=ses": f'\'via\' can\'t be "ses" any more; set it to "smtp" and fill in [smtp]: {_SES}',
    "subscribers.after_issues": f"'after_issues' {_FULL_MAILBOXES}",
    "subscribers.after_days": f"'after_days' {_FULL_MAILBOXES}",
    "subscribers.sources": "'sources' isn't used any more; delete this line: a sync reads everything that is set up",
    "joining.mode": "'mode' isn't used any more; delete this line if everyone may join, or else write 'form = false' "
    "instead; until you do, nobody can join",
    "mailbox.inbox": "'inbox' isn't used any more; delete this line: 'briefing compose --from mail.eml' takes the "
    "items from an email that you have saved",
    "mailbox.senders": "'senders' isn't used any more; delete this line: it was for 'inbox', which is gone too",
}
"""By table, by TABLE.KEY, or by TABLE.KEY=VALUE."""
