"""Proof of the quality station: fates, rules, suites, the single file, the steward's page."""
