"""A link becomes an item: a web page is retrieved, and understood."""
