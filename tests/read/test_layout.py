"""What paths say, by a pattern."""

from __future__ import annotations

import pytest

from mbncheck.errors import ConfigError
from mbncheck.read.layout import check_layout, facts_in_path


@pytest.mark.parametrize(
    ("path", "layout", "facts"),
    [
        (
            "/a/Báo A/2020-07-30/Bài.txt",
            "{outlet}/{date:%Y-%m-%d}/{title}",
            {"outlet": "Báo A", "date": "2020-07-30", "title": "Bài"},
        ),
        ("30.7.2020 - Tin số 2.v1.docx", "{ngay:%d.%m.%Y} - {title}", {"ngay": "2020-07-30", "title": "Tin số 2.v1"}),
        ("BT_xyz.doc", "{column}_{_}", {"column": "BT"}),
        ("x/Ba\u0301o A/a.txt", "{outlet}/{_}", {"outlet": "Báo A"}),
        ("x/a.txt", "{outlet}/{title}.txt", {"outlet": "x", "title": "a"}),
        ("a.txt", "{outlet}/{title}", None),
        ("x/31-2-2020/a.txt", "{date:%d-%m-%Y}/{title}", None),
        ("x/a.b.txt", "{date:%d-%m-%Y}", None),
        ("", "{title}", None),
    ],
)
def test_facts_in_paths(path: str, layout: str, facts: dict[str, str] | None) -> None:
    """The last parts of a path are read by the pattern, or the path does not follow it."""
    assert facts_in_path(path, layout) == facts


@pytest.mark.parametrize("layout", ["{đài khác}/x", "{foo}", "abc", "{}", "{outlet:zz}", "{a", ""])
def test_wrong_layouts(layout: str) -> None:
    """A pattern without fields, or with fields that articles do not have, is told."""
    with pytest.raises(ConfigError, match="layout") as caught:
        check_layout(layout)
    assert caught.value.en != caught.value.vi
