"""The command line: one module a command; each parses, calls and renders, nothing else.

Commands are imported when they are run, so that ``--help`` needs only click.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from mbncheck import __version__
from mbncheck.errors import MbncheckError
from mbncheck.settings import settings_path

if TYPE_CHECKING:
    from mbncheck.config import Config

# Command -> its module and what the list of commands says of it.
COMMANDS = {
    "check": ("mbncheck.cli.check", "Kiểm tra bài viết / Check articles (mặc định / default)"),
    "decide": ("mbncheck.cli.decide", "Ghi quyết định của người vào kho / Record people's decisions in a store"),
    "demo": ("mbncheck.cli.demo", "Quét và chấm kho minh họa / Scan and score a small archive"),
    "evaluate": ("mbncheck.cli.evaluate", "Đo độ đúng trên bài đã gán nhãn / Measure on labelled texts"),
    "export": ("mbncheck.cli.export", "Xuất nội dung kho / Export a store"),
    "formats": ("mbncheck.cli.formats", "Liệt kê các định dạng đọc được / List the formats that can be read"),
    "inspect": ("mbncheck.cli.inspect", "Xem đã đọc được gì, từ đâu / Show what was read, and why"),
    "label": ("mbncheck.cli.label", "Ghi quyết định của biên tập viên / Record an editor's decision"),
    "rejected": ("mbncheck.cli.rejected", "Liệt kê những gì không đọc được / List what could not be read"),
    "rules": ("mbncheck.cli.rules", "Xem, thử, soát, so bộ quy tắc / List, test, lint and compare rules"),
    "scan": ("mbncheck.cli.scan", "Quét kho bài vào một tệp / Scan an archive into a store"),
    "score": ("mbncheck.cli.score", "Chấm độ cân đối của các cơ quan / Score the balance of outlets"),
    "train": ("mbncheck.cli.train", "Huấn luyện mô hình / Train the learned reader"),
}
SUBCOMMANDS = {"rules": ("list", "show", "test", "lint", "diff", "schema")}
DEFAULT_COMMAND = "check"
FAILED = 2
# Allocations between two garbage collections: loading makes many objects and no garbage, and collecting on the
# way takes a fifth of the time of a short run.
RARELY = 500_000


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
@click.pass_context
def cli(context: click.Context) -> None:
    """The group; its help stands in the decorator, in both languages. Settings stand behind every option."""
    path = settings_path()
    if path:
        from mbncheck.config import load_config

        context.obj = load_config(path)
        context.default_map = _defaults(context.obj)


def _defaults(settings: Config) -> dict[str, Any]:
    """What the settings put in place of the options' own defaults, for every command and command within."""
    said: dict[str, Any] = {
        "lang": settings.lang,
        "pack": settings.rules,
        "model": settings.model,
        "encoding": settings.encoding,
    }
    said |= {"layout": settings.layout, **settings.limits}
    values = {name: value for name, value in said.items() if value is not None}
    if not values:
        return {}
    return {name: {**values, **dict.fromkeys(SUBCOMMANDS.get(name, ()), values)} for name in COMMANDS}


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line and leave with its exit status: 0 fine, 1 findings, 2 failed."""
    gc.set_threshold(RARELY)
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
