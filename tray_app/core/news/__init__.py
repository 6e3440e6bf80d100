"""Headlines and documents of the Federal Reserve: what they are and how they are judged."""
