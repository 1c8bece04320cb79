"""An issue of the newsletter: the model, its file format, and where issues are kept."""
