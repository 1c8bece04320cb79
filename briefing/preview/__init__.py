"""The preview: a page on this computer on which an issue is made, beside the mail that readers will
get.
"""
