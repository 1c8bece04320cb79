"""The subscribers: what one is, and the list that they are read from."""
