"""The crash suite: sends that are killed, stopped and starved, checked against the server's log."""
