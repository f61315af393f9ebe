"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from mbncheck.locale import LANGUAGES
from mbncheck.pack.locate import DEFAULT_PACK

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

lang: Decorator = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="vi",
    show_default=True,
    help="Ngôn ngữ hiển thị / language of the output.",
)
pack: Decorator = click.option(
    "--pack",
    "--rules",
    "pack",
    metavar="PACK",
    default=DEFAULT_PACK,
    show_default=True,
    help="Bộ quy tắc: tên hoặc thư mục / rule pack: id or folder.",
)
model: Decorator = click.option(
    "--model",
    metavar="none|PATH",
    default="default",
    show_default=True,
    help="Mô hình học; none: chỉ dùng quy tắc / the learned reader; none: rules alone.",
)
# ``evaluate --rules`` asks for the table of rules, so a pack is named by --pack alone there.
pack_alone: Decorator = click.option(
    "--pack",
    metavar="PACK",
    default=DEFAULT_PACK,
    show_default=True,
    help="Bộ quy tắc: tên hoặc thư mục / rule pack: id or folder.",
)
no_color: Decorator = click.option("--no-color", is_flag=True, help="Không tô màu / no colours.")
store: Decorator = click.option(
    "--store",
    metavar="FILE",
    required=True,
    help="Tệp kho (DuckDB) / the store, a DuckDB file.",
)
