"""Text as rules see it: the shadow, sentences and words."""
