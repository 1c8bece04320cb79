"""Items made from what others published: web pages, feeds, documents, mails and pasted briefs."""
