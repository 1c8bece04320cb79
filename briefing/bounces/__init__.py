"""Understand emails that came back: what each is, which readers it names, and what that means for them.

    mime → report → explaining, with reasons for what a server says

Structure comes first: fields for machines (RFC 3464, RFC 5965, RFC 8098), then status codes, then
words. An email is explained in a child process; apart from reading its own tables, this package has no
I/O.
"""
