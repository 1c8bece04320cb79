"""What editors write in (text, Markdown, .docx, .odt, .rtf, .html, .eml), as paragraphs and pictures."""
