"""What tells of a failure, of progress, or that there is nothing to show."""
