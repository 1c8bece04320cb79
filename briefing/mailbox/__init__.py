"""Mailboxes, which are only read: a folder on an IMAP server, or a Maildir on this computer.

Nothing in a mailbox is changed: no email is marked as seen, moved or deleted.
"""
