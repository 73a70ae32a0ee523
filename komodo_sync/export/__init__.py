"""Observed -> manifests. Empty for now: a live Core is written as minimal manifests from here."""
