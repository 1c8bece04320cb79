"""Subscribers: the list they are read from, and the record of those who unsubscribed."""
