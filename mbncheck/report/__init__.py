"""Reports format; they never compute."""
