"""Who may use the page, and how open pages notice that a file has changed."""
