"""The one local SQLite file: the only folder that speaks SQL."""
