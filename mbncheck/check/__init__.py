"""From text to evidence and levels."""
