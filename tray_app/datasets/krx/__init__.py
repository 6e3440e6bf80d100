"""The Korea Exchange: stocks, ETFs and indices."""
