"""Items out of what others published: so far out of a brief as people paste it."""
