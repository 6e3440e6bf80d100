"""Headlines and documents of the Fed."""
