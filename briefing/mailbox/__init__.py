"""Mailboxes, which are only read: on an IMAP server, or as a Maildir or mbox on this computer.

Nothing in a mailbox is changed: no email is marked as seen, moved or deleted.
"""
