"""Recognise what a line of a brief is by its own words: a headline, a source, a contact, a footer."""
