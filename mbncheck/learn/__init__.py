"""The learned reader: works beside the rules, explains itself by them and by short n-grams."""
