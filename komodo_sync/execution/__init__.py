"""Plan -> Core -> Outcome: waves with bounded parallelism, then the verifying plan."""
