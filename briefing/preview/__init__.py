"""The preview: a page on this computer on which an issue is made, beside the email that readers will
get.
"""
