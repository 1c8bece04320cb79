"""What editors write in (text, .docx, .html, .eml), as paragraphs and pictures."""
