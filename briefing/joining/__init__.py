"""The server where readers leave, join and change their data; the one part that faces the internet."""
