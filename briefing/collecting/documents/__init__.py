"""What editors write in (text, Markdown, .docx, .odt, .html, .eml), as paragraphs and pictures."""
