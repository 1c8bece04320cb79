"""Whether an issue can be sent: the facts are gathered, then gates decide what stands in the way."""
