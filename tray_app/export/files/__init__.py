"""What the files of a set are made of: rows read, proven, joined, written; and what a set lacks. Loads pyarrow."""
