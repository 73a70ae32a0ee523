"""What compose makes of a text: services, mounts, variables and profiles, before and after a deploy."""
