"""Draws ``docs/images/terminal.svg``: what ``mbncheck`` prints of one of the bundled articles.

    python docs/make_picture.py

The picture is rich's own, without the fonts that rich would fetch from the network.
"""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from mbncheck import Article, Checker
from mbncheck.report.terminal import TextReport

ROOT = Path(__file__).resolve().parents[1]
ARTICLE = "corpora/articles/vu-an-lua-ban.txt"
PICTURE = ROOT / "docs" / "images" / "terminal.svg"
COLUMNS = 116
# No "monospace" and no DejaVu: with either, Chromium sets Vietnamese accents beside their letters.
FONTS = "Consolas, Menlo, 'Liberation Mono', 'Noto Sans Mono', Cousine, 'Courier New'"
FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: FONTS; font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-family: FONTS; font-size: 18px; font-weight: bold; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
""".replace("FONTS", FONTS)


def drawn() -> str:
    """The report of the article as an SVG image."""
    checker = Checker()
    article = Article((ROOT / ARTICLE).read_text(encoding="utf-8"), id=ARTICLE)
    report = TextReport(checker, "vi", checker.pack.themes)
    report.console = Console(record=True, width=COLUMNS, file=io.StringIO(), highlight=False)
    report.show([(article, checker.check_article(article))])
    return report.console.export_svg(title=f"mbncheck {ARTICLE}", code_format=FRAME, font_aspect_ratio=0.6)


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(drawn(), encoding="utf-8")
