"""How large a document may be. It loads nothing, so the page of the desk needn't wait for it."""

MOST_BYTES = 50 * 1024 * 1024
"""No real brief is larger."""
