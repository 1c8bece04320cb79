"""The preview: a page on this machine alone that shows an issue as its readers get it, and follows every save."""
