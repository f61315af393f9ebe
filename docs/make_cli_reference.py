"""Writes ``docs/cli.md`` from the commands themselves.

python docs/make_cli_reference.py            write it
python docs/make_cli_reference.py --check    leave with 1 where it is not what would be written
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from mbncheck.cli import DEFAULT_COMMAND, cli

REFERENCE = Path(__file__).resolve().parent / "cli.md"
SEPARATOR = " / "  # between the Vietnamese and the English of a help text

HEAD = """# Dòng lệnh · The command line

<!-- Do docs/make_cli_reference.py viết từ chính các lệnh; đừng sửa tay.
     Written by docs/make_cli_reference.py from the commands themselves; not edited by hand. -->

`mbncheck bai-viet.txt` là cách viết ngắn của `mbncheck check bai-viet.txt`.
*`mbncheck article.txt` is short for `mbncheck check article.txt`.*

| mã thoát · exit status | |
|---|---|
| 0 | xong, không có gì phải báo · *done, nothing to report* |
| 1 | `rules test`, `rules lint`: có câu thử sai, có vấn đề · *a test sentence fails, there are problems* |
| 2 | chính lần chạy hỏng: tệp không đọc được, tùy chọn sai, bộ quy tắc hay mô hình hỏng · *the run itself failed: \
a file that cannot be read, a wrong option, a damaged pack or model* |

Bài thiếu chủ đề không phải là lỗi: mã thoát vẫn là 0. Kết quả được ghi ra đầu ra chuẩn, thông báo lỗi ra
đầu ra lỗi chuẩn.
*A missing theme is no failure: the status stays 0. Results go to standard output, complaints to standard error.*

Bộ quy tắc đã biên dịch được giữ trong thư mục đệm của người dùng; biến môi trường `MBNCHECK_CACHE` chỉ thư mục khác.
*Compiled packs are kept in the user's cache folder; the environment variable `MBNCHECK_CACHE` names another.*
"""


def reference() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_commands(cli, click.Context(cli, info_name="mbncheck"))])


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None  # noqa: S101 - the group named it
        inner = click.Context(command, info_name=name, parent=context)
        yield from _command(command, inner)
        if isinstance(command, click.Group):
            yield from _commands(command, inner)


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    default = " (mặc định · *default*)" if command.name == DEFAULT_COMMAND else ""
    yield f"## `{context.command_path}`{default}\n"
    yield _both(command.help or "") + "\n"
    yield f"```\n{' '.join([context.command_path, *command.collect_usage_pieces(context)])}\n```\n"
    options = [option for option in command.get_params(context) if isinstance(option, click.Option)]
    rows = [_option(option, context) for option in options if "--help" not in option.opts]
    if rows:
        yield "\n".join(["| tùy chọn · option | | mặc định · default |", "|---|---|---|", *rows]) + "\n"


def _option(option: click.Option, context: click.Context) -> str:
    takes = "" if option.is_flag else " " + option.make_metavar(context)
    name = f"`{', '.join(option.opts)}{takes}`".replace("|", "\\|")
    more = " (lặp lại được · *may be repeated*)" if option.multiple else ""
    needed = " (bắt buộc · *required*)" if option.required else ""
    default = f"`{option.default}`" if option.show_default and isinstance(option.default, str) else ""
    return f"| {name} | {_both(option.help or '')}{more}{needed} | {default} |"


def _both(text: str) -> str:
    """Vietnamese as it stands, English beside it in italics."""
    paragraphs = text.split("\n\n")
    if len(paragraphs) == 2:
        return f"{paragraphs[0]}\n*{paragraphs[1]}*"
    vietnamese, _, english = text.removesuffix(".").partition(SEPARATOR)
    return f"{vietnamese} · *{english}*" if english else vietnamese


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is as it should be."""
    if arguments == ["--check"]:
        if REFERENCE.is_file() and REFERENCE.read_text(encoding="utf-8") == reference():
            return 0
        sys.stderr.write("docs/cli.md: python docs/make_cli_reference.py\n")
        return 1
    REFERENCE.write_text(reference(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
