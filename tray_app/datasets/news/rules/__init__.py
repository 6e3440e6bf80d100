"""Stories and the tone of texts; pure."""
