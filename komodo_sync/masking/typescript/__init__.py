"""Actions read as the TypeScript that they are: which quoted texts a secret-looking name has a say over."""
