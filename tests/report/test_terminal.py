"""The table at a terminal: what an editor should read again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from command_line import SMALL

from mbncheck import Article, Checker, CheckResult
from mbncheck.report.terminal import TextReport

ARTICLE = Article("Nạn mua bán người: chúng hứa việc nhẹ, lương cao.", id="bài")


def with_unsure(result: CheckResult, *themes: str) -> CheckResult:
    """The same result, these themes being unsure."""
    return replace(
        result,
        themes={theme: replace(found, unsure=theme in themes) for theme, found in result.themes.items()},
    )


@pytest.mark.parametrize("quiet", [True, False])
def test_unsure_themes_are_named(capsys: pytest.CaptureFixture[str], quiet: bool) -> None:
    """The closing line names the themes that the model is not sure of, covered or not, and only those asked for."""
    checker = Checker(SMALL, model=None)
    result = with_unsure(checker.check_article(ARTICLE), "T1", "T2")
    TextReport(checker, "vi", ("T2", "T3"), quiet=quiet, color=False).show([(ARTICLE, result)])
    shown = capsys.readouterr().out
    assert f"Chưa chắc, nên đọc lại: T2 {checker.pack.theme_title('T2', 'vi')}." in shown
    TextReport(checker, "en", ("T3",), quiet=quiet, color=False).show([(ARTICLE, result)])
    assert "Unsure" not in capsys.readouterr().out
