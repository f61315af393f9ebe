"""Gold against result: scores, calibration, what each rule is worth, and what a change would change."""
