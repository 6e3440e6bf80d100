"""One file per dataset: which steps, in what order, what counts as done."""
