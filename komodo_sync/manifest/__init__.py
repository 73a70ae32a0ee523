"""Files to Desired: discover, read, bind to kinds, check the rules."""
