"""Rule packs: what their files may say, how they are read, compiled, linted and proved."""
