"""Plan, Outcome and Diagnostics to text and JSON, one file a format. Pure; imports the model alone."""
