"""Rules by which rows, sources, sums and clocks are questioned."""
