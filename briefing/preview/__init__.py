"""The preview: a page on this computer that shows an issue as its readers will see it, and reloads
on every save.
"""
