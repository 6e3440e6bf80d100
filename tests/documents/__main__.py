"""Writes the tables of the documents and the lock of a server anew: PYTHONPATH=tests python -m documents."""

from documents import contributing_step, data_tables, readme_tables, server_lock

for document, text in (
    (data_tables.DOCUMENT, data_tables.written(data_tables.DOCUMENT.read_text("utf-8"), data_tables.present())),
    (readme_tables.DOCUMENT, readme_tables.written(readme_tables.DOCUMENT.read_text("utf-8"))),
    (contributing_step.DOCUMENT, contributing_step.written(contributing_step.DOCUMENT.read_text("utf-8"))),
    (server_lock.DOCUMENT, server_lock.present()),
):
    document.write_text(text, "utf-8", newline="\n")
