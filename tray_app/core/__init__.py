"""Pure values and rules: no Qt, no SQL, no HTTP, no clock, no files; now is always a parameter."""
