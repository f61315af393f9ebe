"""``mbncheck formats``: what can be read, and what has to be installed for it."""

from __future__ import annotations

import shutil

import click

from mbncheck.cli import options
from mbncheck.locale import say
from mbncheck.read.formats import EXTRA, FORMATS, Format


@click.command(
    "formats",
    help="Liệt kê các định dạng đọc được và thư viện cần cài.\n\nList the formats that can be read and what they need.",
)
@options.lang
def command(lang: str) -> None:
    """Render the registry."""
    for known in FORMATS:
        title = known.title_en if lang == "en" else known.title_vi
        suffixes = " ".join(known.suffixes)
        click.echo(f"{known.name:<9} {suffixes:<16} {title} – {_state(known, lang)}")
    click.echo(say(lang, "formats_by_content"))


def _state(known: Format, lang: str) -> str:
    if not known.installed:
        return say(lang, "format_missing", extra=EXTRA)
    if known.program and not any(map(shutil.which, known.program)):
        return say(lang, "format_missing_program", program="LibreOffice")
    return say(lang, "format_ready")
