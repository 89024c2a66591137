"""Paper from data: templates, filling in, the press that makes PDF and DOCX."""
