"""Every dataset in a folder of its own; what they share lies beside the folders."""
