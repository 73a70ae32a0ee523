"""How single formats and programs write their secrets: one module for each, from text to places or to what may be
shown."""
