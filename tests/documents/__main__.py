"""Writes the tables of the documents anew: PYTHONPATH=tests python -m documents."""

from documents import data_tables, readme_tables

for document, text in (
    (data_tables.DOCUMENT, data_tables.written(data_tables.DOCUMENT.read_text("utf-8"), data_tables.present())),
    (readme_tables.DOCUMENT, readme_tables.written(readme_tables.DOCUMENT.read_text("utf-8"))),
):
    document.write_text(text, "utf-8", newline="\n")
