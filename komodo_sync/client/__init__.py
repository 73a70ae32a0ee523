"""HTTP to a Core: transport, Reader, Refresher, Writer and one snapshot of what it holds."""
