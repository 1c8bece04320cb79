"""Requests to the web: only of public addresses, within a time limit, through a proxy if there is one."""
