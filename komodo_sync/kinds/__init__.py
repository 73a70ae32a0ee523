"""What a stack, a build, a repo is: one declarative file a kind, and the normal form of each shape of field."""
