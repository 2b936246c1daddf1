"""Papers: what the ward prints, signs, numbers and keeps.

    context (inputs.py) + form (forms/*.toml) -> Document (compose.py) -> DOCX (docx.py), PDF (pdf.py)

The renderers and their libraries are loaded by the first paper, never by the program's start.
"""
