"""How the product compares with a floor in plain SQL, on the same rows, in one run. See docs/operate.md."""
