"""Options that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from mbncheck.locale import LANGUAGES, say
from mbncheck.pack.locate import DEFAULT_PACK
from mbncheck.read.options import ReadOptions

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def form(*forms: str) -> Decorator:
    """``--format``, which the command gets as ``output``: one of ``forms``, text by default."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(forms),
        default="text",
        show_default=True,
        help="Dạng kết quả / form of the output.",
    )


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

_LIMITS = {
    "max_bytes": "Số byte tối đa của một bài; tài liệu có hình: gấp 10 / bytes of an article; documents ten times.",
    "max_archive_bytes": "Số byte tối đa của bảng, tệp nén sau khi giải nén / bytes of a table or archive, unpacked.",
    "max_pages": "Số trang tối đa của PDF / pages of a PDF.",
    "max_members": "Số bài, số mục tối đa trong một tệp / articles or members of one file.",
    "max_depth": "Số lớp tệp nén lồng nhau / archives within archives.",
    "max_ratio": "Số lần được phình ra khi giải nén / unpacked over packed bytes.",
    "max_memory": "Số byte bộ nhớ cho trình đọc / bytes of memory for a parser.",
    "seconds": "Số giây tối đa chờ bài kế tiếp của một tệp / seconds to wait for a file's next article.",
}


_LAYOUT = '"{outlet}/{date:%Y-%m-%d}/{title}"'


def _named_encoding(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    from mbncheck.text.encodings import encoding_named

    return encoding_named(value)


def _known_layout(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        from mbncheck.read.layout import check_layout

        check_layout(value)
    return value


def _columns(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    if not values:
        return {}
    from mbncheck.config import COLUMNS

    pairs = dict(value.partition("=")[::2] for value in values)
    for field, column in pairs.items():
        if field not in COLUMNS or not column:
            raise click.BadParameter(say("vi", "wrong_column", fields=", ".join(COLUMNS)))
    return pairs


_SOURCES = (
    click.option(
        "--encoding",
        callback=_named_encoding,
        metavar="NAME",
        help="Bảng mã của văn bản (tcvn3, vni, cp1258…); mặc định: tự nhận / encoding; found out by default.",
    ),
    click.option(
        "--layout",
        callback=_known_layout,
        metavar="PATTERN",
        help=f"Đường dẫn cho biết gì về bài, ví dụ {_LAYOUT} / what paths say of their articles.",
    ),
    click.option(
        "--column",
        "columns",
        callback=_columns,
        multiple=True,
        metavar="FIELD=NAME",
        help="Cột nào của bảng chứa gì, ví dụ text=Bài / which column of tables holds what.",
    ),
)


def reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Every option of ``ReadOptions``, with the settings behind them; the command gets them as ``reading``."""

    @functools.wraps(command)
    def with_sources(*args: Any, reading: ReadOptions, **given: Any) -> Any:
        settings = click.get_current_context().find_root().obj
        encoding, layout, columns = (given.pop(name) for name in ("encoding", "layout", "columns"))
        reading = replace(reading, encoding=encoding, layout=layout, columns=columns)
        if settings:
            reading = replace(
                reading,
                columns={**settings.columns, **columns},
                defaults=settings.defaults,
                outlets=settings.outlets,
            )
        return command(*args, reading=reading, **given)

    decorated: Callable[..., Any] = with_sources
    for option in reversed(_SOURCES):
        decorated = option(decorated)
    return limits(decorated)


def limits(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options for every limit of ``ReadOptions``; the command gets them as its one argument ``reading``."""
    defaults = ReadOptions()

    @functools.wraps(command)
    def with_reading(*args: Any, **given: Any) -> Any:
        reading = ReadOptions(**{name: given.pop(name) for name in _LIMITS})
        return command(*args, reading=reading, **given)

    decorated: Callable[..., Any] = with_reading
    for name, words in reversed(_LIMITS.items()):
        default = getattr(defaults, name)
        kind = click.FloatRange(0, min_open=True) if isinstance(default, float) else click.IntRange(1)
        option = click.option(
            f"--{name.replace('_', '-')}", name, type=kind, default=default, show_default=True, metavar="N", help=words
        )
        decorated = option(decorated)
    return decorated
