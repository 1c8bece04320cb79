"""Photos and logos, made from untrusted files into small pictures without metadata."""
