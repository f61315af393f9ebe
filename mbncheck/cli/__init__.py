"""The command line: one module a command; each parses, calls and renders, nothing else.

Commands are imported when they are run, so that ``--help`` needs only click.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from mbncheck import __version__
from mbncheck.errors import MbncheckError

# Command -> its module and what the list of commands says of it.
COMMANDS = {
    "check": ("mbncheck.cli.check", "Kiểm tra bài viết / Check articles (mặc định / default)"),
    "decide": ("mbncheck.cli.decide", "Ghi quyết định của người vào kho / Record people's decisions in a store"),
    "demo": ("mbncheck.cli.demo", "Quét và chấm kho minh họa / Scan and score a small archive"),
    "evaluate": ("mbncheck.cli.evaluate", "Đo độ đúng trên bài đã gán nhãn / Measure on labelled texts"),
    "export": ("mbncheck.cli.export", "Xuất nội dung kho / Export a store"),
    "rejected": ("mbncheck.cli.rejected", "Liệt kê những gì không đọc được / List what could not be read"),
    "rules": ("mbncheck.cli.rules", "Xem, thử, soát bộ quy tắc / List, test and lint rules"),
    "scan": ("mbncheck.cli.scan", "Quét kho bài vào một tệp / Scan an archive into a store"),
    "score": ("mbncheck.cli.score", "Chấm độ cân đối của các cơ quan / Score the balance of outlets"),
    "train": ("mbncheck.cli.train", "Huấn luyện mô hình / Train the learned reader"),
}
DEFAULT_COMMAND = "check"
FAILED = 2


class Commands(click.Group):
    """Loads a command when it is asked for; words that name none belong to ``check``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; ``None`` where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any of them."""
        with formatter.section("Lệnh / Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``check`` before paths and options that are not the group's own."""
        if args and args[0] not in COMMANDS and args[0] not in ("--help", "--version"):
            args = [DEFAULT_COMMAND, *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["--help"]},
    help="Kiểm tra bảy chủ đề tuyên truyền phòng, chống mua bán người trong bài viết tiếng Việt.\n\n"
    "Check Vietnamese articles for the seven mandated themes: mbncheck article.txt",
)
@click.version_option(__version__, prog_name="mbncheck")
def cli() -> None:
    """The group; its help stands in the decorator, in both languages."""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line and leave with its exit status: 0 fine, 1 findings, 2 failed."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # consoles that are not UTF-8 (Windows) show what they can
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        return cli.main(arguments, prog_name="mbncheck", standalone_mode=True)
    except MbncheckError as error:
        english = any(
            a == "--lang=en" or (a == "en" and b == "--lang") for a, b in zip(arguments, ["", *arguments], strict=False)
        )
        click.echo(error.message("en") if english else f"Lỗi: {error.vi}", err=True)
        sys.exit(FAILED)
