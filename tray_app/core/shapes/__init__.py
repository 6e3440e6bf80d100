"""Every JSON shape, the same for the command line and, later, the local API. Their keys are a promise to programs."""
