"""From raw facts to the fields of an article: keys, values, and where each was found."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mbncheck.model import Article
from mbncheck.read.files import ReadOptions, articles_of
from mbncheck.read.metadata import FIELDS, described, field_named, renamed

TEXT = "Nạn mua bán người.\nGọi 111.\n"


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("Tiêu đề", "title"),
        ("tieu_de", "title"),
        ("TIÊU ĐỀ:", "title"),
        ("og:title", "title"),
        ("Headline", "title"),
        ("Tác giả", "author"),
        ("Cơ quan báo chí", "outlet"),
        ("Báo/Đài", "outlet"),
        ("og:site_name", "outlet"),
        ("Ngày đăng", "published"),
        ("Nga\u0300y pha\u0301t so\u0301ng", "published"),
        ("article:published_time", "published"),
        ("Loại hình", "medium"),
        ("Thể loại", "genre"),
        ("Chuyên mục", "column"),
        ("Địa bàn", "locality"),
        ("Thời lượng (phút)", "airtime"),
        ("thoi luong", "airtime"),
        ("Ghi chú", None),
        ("", None),
        ("phút", None),
    ],
)
def test_keys(key: str, field: str | None) -> None:
    """Keys are known in Vietnamese and English, with diacritics and without, in any case and with signs."""
    assert field_named(key) == field


def test_fields_of_an_article() -> None:
    """Every field that facts may fill is one of the article, empty at first."""
    assert all(getattr(Article(""), field) is None for field in FIELDS)


def test_values() -> None:
    """Dates become dates, lengths seconds, the rest one line of composed text; each has its source."""
    facts = {
        "Tiêu đề": "  Bài\n một ",
        "Ngày đăng": "Thứ Năm, 30/07/2020 08:15 (GMT+7)",
        "Thời lượng": "5'30\"",
        "Cơ quan": "Ba\u0301o Đắk Nông",
        "Ghi chú": "không dùng",
    }
    article = described(Article(TEXT), facts, "front matter")
    assert (article.title, article.published, article.airtime, article.outlet) == (
        "Bài một",
        date(2020, 7, 30),
        330,
        "Báo Đắk Nông",
    )
    assert article.sources == (
        ("title", "front matter: Tiêu đề"),
        ("published", "front matter: Ngày đăng"),
        ("airtime", "front matter: Thời lượng"),
        ("outlet", "front matter: Cơ quan"),
    )


def test_the_first_source_wins() -> None:
    """What is known stays, with its source; of two keys of one source the first counts."""
    article = described(Article(TEXT), {"Báo": "Báo A", "Đài": "Đài B"}, "column")
    again = described(article, {"outlet": "Báo C", "author": "Lan"}, "layout")
    assert (again.outlet, again.author) == ("Báo A", "Lan")
    assert again.sources == (("outlet", "column: Báo"), ("author", "layout: author"))


def test_nothing_is_guessed() -> None:
    """Values that are no date and no length are left out; a month says that it is one; a bare number needs a unit."""
    nothing = described(Article(TEXT), {"Ngày đăng": "hôm qua", "Thời lượng": "5", "Tiêu đề": " "}, "column")
    assert nothing == Article(TEXT)
    month = described(Article(TEXT), {"Ngày đăng": "tháng 7/2020"}, "column")
    assert (month.published, month.sources) == (date(2020, 7, 1), (("published", "column: Ngày đăng (month)"),))
    assert described(Article(TEXT), {"Thời lượng (phút)": "2,5"}, "column").airtime == 150
    assert described(Article(TEXT), {"airtime": "90"}, "column").airtime == 90


def test_renamed() -> None:
    """Columns named in the settings come first, under their field; others stay."""
    facts = {"Nguồn": "sai", "Kênh phát": "Đài huyện", "x": "1"}
    assert list(renamed(facts, {"outlet": "kênh_phát"}).items()) == [
        ("outlet", "Đài huyện"),
        ("Nguồn", "sai"),
        ("x", "1"),
    ]


# --- from files --------------------------------------------------------------------------------------------


def only_article(path: Path, options: ReadOptions | None = None) -> Article:
    """The one article of a file."""
    (found,) = articles_of(str(path), options)
    assert isinstance(found, Article), found
    return found


@pytest.mark.parametrize("suffix", ["txt", "md"])
def test_front_matter(tmp_path: Path, suffix: str) -> None:
    """Front matter of text and Markdown tells of the article and is no part of it."""
    path = tmp_path / f"a.{suffix}"
    path.write_text(f"---\nNgày đăng: 30/7/2020\nBáo: Báo Đắk Nông\n---\n{TEXT}", encoding="utf-8")
    article = only_article(path)
    assert (article.text, article.published, article.outlet) == (TEXT, date(2020, 7, 30), "Báo Đắk Nông")


@pytest.mark.parametrize(
    "text", ["---\n", "---\nkhông có gì\n---\nBài.\n", "--- Bài ---\nNội dung.\n", "---\n- a\n---\nb\n"]
)
def test_no_front_matter(tmp_path: Path, text: str) -> None:
    """Lines of dashes that hold no facts are text."""
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    assert only_article(path).text == text


def test_the_layout_of_paths(tmp_path: Path) -> None:
    """Paths tell what files do not, by the pattern given; what the file says goes before."""
    path = tmp_path / "Báo Đắk Nông" / "2020-07-30" / "Bài một.txt"
    path.parent.mkdir(parents=True)
    path.write_text(f"---\nTiêu đề: Tiêu đề thật\n---\n{TEXT}", encoding="utf-8")
    options = ReadOptions(layout="{outlet}/{date:%Y-%m-%d}/{title}")
    article = only_article(path, options)
    assert (article.outlet, article.published, article.title) == ("Báo Đắk Nông", date(2020, 7, 30), "Tiêu đề thật")
    assert dict(article.sources)["published"] == "layout: date"
    other = tmp_path / "khác.txt"
    other.write_text(TEXT, encoding="utf-8")
    stray = only_article(other, ReadOptions(layout="{outlet}/{date:%Y-%m-%d}/{title}"))
    assert (stray.outlet, [note.code for note in stray.notes]) == (None, ["MBN906"])


def test_the_layout_within_an_archive(tmp_path: Path) -> None:
    """The path of a member of an archive is the path that counts."""
    import zipfile

    with zipfile.ZipFile(tmp_path / "quý.zip", "w") as packed:
        packed.writestr("Đài huyện/30.7.2020/a.txt", TEXT)
    article = only_article(tmp_path / "quý.zip", ReadOptions(layout="{outlet}/{ngay:%d.%m.%Y}/{_}"))
    assert (article.outlet, article.published) == ("Đài huyện", date(2020, 7, 30))


def test_defaults(tmp_path: Path) -> None:
    """Settings fill what is left: those of the outlet before the general ones; a broadcast medium lowers the bar."""
    path = tmp_path / "a.txt"
    path.write_text("Hôm nay trời mưa.\n\n(Nhạc hiệu)\n", encoding="utf-8")
    options = ReadOptions(
        defaults={"outlet": "Đài huyện", "medium": "báo in", "locality": "Cư Jút"},
        outlets={"Đài huyện": {"medium": "phát thanh"}},
    )
    article = only_article(path, options)
    assert (article.outlet, article.medium, article.locality) == ("Đài huyện", "phát thanh", "Cư Jút")
    assert dict(article.sources)["medium"] == "settings: medium"
    assert article.masked
    assert not only_article(path).masked


def test_columns_of_tables(tmp_path: Path) -> None:
    """Columns are known by themselves, or by the names given."""
    path = tmp_path / "bảng.csv"
    path.write_text("Mục A,Mục B,Ngày đăng\nNạn mua bán người.,Đài huyện,30/7/2020\n", encoding="utf-8")
    article = only_article(path, ReadOptions(columns={"text": "Mục A", "outlet": "mục b"}))
    assert (article.text, article.outlet, article.published) == ("Nạn mua bán người.", "Đài huyện", date(2020, 7, 30))
    lines = tmp_path / "a.jsonl"
    lines.write_text('{"chữ": "Nạn mua bán người.", "nơi đăng": "Báo A"}\n', encoding="utf-8")
    article = only_article(lines, ReadOptions(columns={"text": "chữ", "outlet": "nơi đăng"}))
    assert (article.text, article.outlet) == ("Nạn mua bán người.", "Báo A")


def test_encodings_in_files(tmp_path: Path) -> None:
    """Old encodings are found out, or forced, and remembered."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"phoong, chong".replace(b"oo", b"o\xf8") + "\nmua baùn ngöôøi\n".encode("cp1252"))
    article = only_article(path)
    assert (article.encoding, article.notes[0].code) == ("vni", "MBN901")
    assert "mua bán người" in article.text
    forced = only_article(path, ReadOptions(encoding="cp1252"))
    assert (forced.encoding, forced.confidence, forced.notes) == ("cp1252", 1.0, ())
