"""Checks: everything an editor should know before an issue is sent. Each family of rules has a
module.
"""
