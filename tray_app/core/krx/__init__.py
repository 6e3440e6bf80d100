"""Values and rules of the Korea Exchange: calendar, day ledger, listing episodes, adjustment, quality."""
