"""The server where readers leave, join and choose their language; the one part that faces the internet."""
