"""Items made from what others published: web pages, feeds, documents, emails and pasted briefs."""
