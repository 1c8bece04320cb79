"""The crash suite: sends that are killed, stopped and starved; the server's log is the truth that
they are held to.
"""
