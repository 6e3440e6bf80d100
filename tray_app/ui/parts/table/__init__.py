"""The table: model, header, delegate and view."""
