"""Broadcast scripts: what is masked, who speaks, how long it takes; ordinary articles come back as they were."""

from __future__ import annotations

import gzip
import json
import unicodedata
from datetime import date

import pytest
from conftest import ROOT, SHARED
from hypothesis import given, settings
from hypothesis import strategies as st

from mbncheck.model import Article
from mbncheck.read.cues import elements_of
from mbncheck.read.scripts import SYLLABLES_A_SECOND, as_script, syllables

RADIO = """CHUYÊN MỤC AN NINH CƠ SỞ - SỐ 7
Thời lượng: 5'30"
Phát sóng: 17h, 30/7/2020
Thực hiện: Tổ biên tập

(Nhạc hiệu 12")

PTV nữ: Kính chào quý vị và bà con nghe đài.

PTV nam (đọc chậm, lặp lại hai lần): Bà con gọi tổng đài 111 (nhạc nền nhỏ dần) miễn phí.
Gọi lúc nào cũng được.

Băng: 1'25"
Phỏng vấn ông Y Krông, Trưởng Công an xã: Chúng hứa việc nhẹ, lương cao.
(Nhạc kết)
"""

TABLE = """PHÓNG SỰ: NGƯỜI TRỞ VỀ
TT\tHình ảnh\tLời bình\tThời lượng
1\tToàn cảnh cửa khẩu, mua bán tấp nập\tLB: Họ về tay không.\t12"
2\tPB: Cán bộ điều tra\tChúng thay đổi thủ đoạn.\t20"
3\tCận cảnh bàn tay\t\t5"
"""


def without_masks(script: Article) -> str:
    """What is left of a script, line by line, without blank ends."""
    text, done, kept = script.text, 0, []
    for start, end in script.masked:
        kept.append(text[done:start])
        done = end
    left = "".join([*kept, text[done:]])
    return "\n".join(line.strip() for line in left.splitlines() if line.strip())


def said_by(script: Article) -> list[tuple[str, str]]:
    """Speakers and the words they say."""
    return [(name, script.text[start:end]) for start, end, name in script.speakers]


def test_a_radio_script() -> None:
    """The head, cues, labels and tapes are masked; speakers are known; the length is the one that is stated."""
    script = as_script(Article(RADIO))
    assert without_masks(script).splitlines() == [
        "CHUYÊN MỤC AN NINH CƠ SỞ - SỐ 7",
        "Kính chào quý vị và bà con nghe đài.",
        "Bà con gọi tổng đài 111 miễn phí.",
        "Gọi lúc nào cũng được.",
        "Chúng hứa việc nhẹ, lương cao.",
    ]
    assert [name for name, _ in said_by(script)] == ["PTV nữ", "PTV nam", "ông Y Krông, Trưởng Công an xã"]
    assert said_by(script)[1][1].startswith("Bà con gọi")
    assert said_by(script)[1][1].endswith("Gọi lúc nào cũng được.")
    assert (script.airtime, script.airtime_estimated, script.published) == (330, False, date(2020, 7, 30))
    assert dict(script.sources)["airtime"] == "script: stated"
    assert dict(script.sources)["published"] == "script: phát sóng"


@pytest.mark.parametrize("separator", ["\t", " | "])
def test_a_television_table(separator: str) -> None:
    """Of a table only the column of words is said; pictures tell who speaks; lengths of rows add up."""
    script = as_script(Article(TABLE.replace("\t", separator)))
    assert without_masks(script).splitlines() == [
        "PHÓNG SỰ: NGƯỜI TRỞ VỀ",
        "Họ về tay không.",
        "Chúng thay đổi thủ đoạn.",
    ]
    assert said_by(script) == [("LB", "Họ về tay không."), ("Cán bộ điều tra", "Chúng thay đổi thủ đoạn.")]
    assert (script.airtime, script.airtime_estimated) == (37, False)


def test_cells_of_several_lines() -> None:
    """Another line of a cell belongs to the row, and to whoever spoke in it."""
    text = "TT\tHình\tLời\n1\tCửa khẩu\tLB: Họ về tay không.\n\tmưa\tKhông ai đón.\n2\tCận cảnh\tCòn lại một mình.\n"
    script = as_script(Article(text))
    assert without_masks(script).splitlines() == ["Họ về tay không.", "Không ai đón.", "Còn lại một mình."]
    (turn,) = script.speakers
    assert (turn[2], text[turn[0] : turn[1]].split("\t")[-1]) == ("LB", "Không ai đón.")


def test_a_markdown_table() -> None:
    """A table as Markdown draws it is a table."""
    script = as_script(
        Article("Phóng sự\n\n| Hình | Lời |\n|---|---|\n| Cảnh chợ | LB: Bà con lưu ý. |\n| Toàn | LB: Hết. |\n")
    )
    assert without_masks(script) == "Phóng sự\nBà con lưu ý.\nHết."


def test_time_codes() -> None:
    """Time codes are masked and tell the length where their ends are told."""
    text = "00:00:05:00 - 00:00:20:00 MC1: Xin chào.\n00:00:20:00 - 00:01:05:12 MC2: Xin chào và hẹn gặp lại.\n"
    script = as_script(Article(text))
    assert without_masks(script) == "Xin chào.\nXin chào và hẹn gặp lại."
    assert [name for name, _ in said_by(script)] == ["MC1", "MC2"]
    assert script.airtime == pytest.approx(60.5, abs=0.05)


def test_an_estimate() -> None:
    """Without any length, syllables are counted and tapes added, and it says that it is an estimate."""
    text = 'PTV: Một hai ba bốn năm sáu bảy tám.\n(Băng: 30")\nPTV: Gọi 111.\n'
    script = as_script(Article(text))
    assert script.airtime == pytest.approx((8 + 4) / SYLLABLES_A_SECOND + 30)
    assert script.airtime_estimated
    assert syllables(text, script.masked) == 12


def test_words_on_the_screen() -> None:
    """Words on the screen are read by the audience: their label is masked, they are not, and they take no time."""
    text = "Hình: cửa khẩu lúc sáng sớm\nLời bình: Hãy cảnh giác.\nChữ chạy: Đường dây nóng 111\n"
    script = as_script(Article(text))
    assert without_masks(script) == "Hãy cảnh giác.\nĐường dây nóng 111"
    assert said_by(script) == [("Lời bình", "Hãy cảnh giác.")]
    assert script.airtime == pytest.approx(3 / SYLLABLES_A_SECOND, abs=0.06)


def test_a_loudspeaker_bulletin() -> None:
    """A bulletin without labels is known by its station and its opening."""
    text = "ĐÀI TRUYỀN THANH XÃ – BUỔI CHIỀU\n\nKính thưa bà con.\n\nAi thấy người lạ rủ đi làm xa, xin báo xã.\n"
    script = as_script(Article(text))
    assert script.airtime_estimated
    assert script.masked == ()


def test_what_is_known_stays() -> None:
    """Airtime, date and speakers that are known already are kept."""
    known = Article(RADIO, airtime=300.0, published=date(2020, 8, 1), speakers=((0, 5, "MC"),))
    script = as_script(known)
    assert (script.airtime, script.published, script.speakers) == (300.0, date(2020, 8, 1), ((0, 5, "MC"),))
    assert not script.airtime_estimated


def test_the_medium_lowers_the_bar() -> None:
    """One sign is enough where the piece is known to be broadcast, and not otherwise."""
    text = "Bà con chú ý.\n\n(Nhạc hiệu)\n\nHôm nay trời mưa.\n"
    once = "Hôm nay trời mưa.\n\n(Nhạc hiệu)\n"
    assert as_script(Article(once, medium="Phát thanh")).masked
    assert as_script(Article(once)) == Article(once)
    assert as_script(Article(text)).masked


@pytest.mark.parametrize(
    "text",
    [
        "MC Thảo Vân: 'Tôi không hối tiếc'\n\nNữ MC chia sẻ về công việc.\n",
        "PV: Thưa ông, vì sao?\n\nÔng Nam: Vì nghèo.\n\nPV: Xin cảm ơn ông.\n",
        "Cảnh sát: nghi phạm đã ra đầu thú\n\nThời lượng bồi dưỡng là 5 ngày.\n",
        "Logo của hãng tại trụ sở.\n\nLogo mới.\n",
        '(Dân trí) - Phát biểu tại hội nghị, ông Hà nói: "Cần làm ngay".\n\n- Thưa ông, có khó không?\n',
        "Lời đồn ở làng: chuyện trâu báo oán\n\nHình ảnh vụ cháy - Ảnh: Minh\n",
        "",
    ],
)
def test_ordinary_articles(text: str) -> None:
    """Newspaper interviews, hosts in the news, captions and speeches are no scripts: they come back unchanged."""
    article = Article(text)
    assert as_script(article) is article


def test_pieces_of_this_project() -> None:
    """Of the pieces written for this project the broadcast ones are told, and hardly any other."""
    told: dict[bool, list[bool]] = {True: [], False: []}
    for line in (ROOT / "corpora" / "pieces.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        article = Article(record["text"])
        told[record["stratum"] in ("radio", "tv", "loudspeaker")].append(as_script(article) is not article)
    assert sum(told[True]) == len(told[True]) == 10
    assert sum(told[False]) == 0


@pytest.mark.skipif(not (SHARED / "archive").is_dir(), reason="needs the archive")
def test_real_articles_stay() -> None:
    """Of 12,000 real news articles none is taken for a script."""
    with gzip.open(SHARED / "archive" / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [Article(json.loads(line)["text"]) for line in lines]
    assert sum(as_script(article) is not article for article in articles) == 0


pieces = st.lists(
    st.sampled_from(
        [*RADIO.splitlines(), *TABLE.splitlines(), "", "Chữ chạy: 111", '00:00:01:00 PV: A (25")', "Từ đầu: a"]
    )
    | st.text(st.sampled_from("PTV:()\t| 1'\"aà\r"), max_size=12),
    max_size=14,
).map("\n".join)


@given(pieces)
@settings(derandomize=True, deadline=None, max_examples=200)
def test_any_script(text: str) -> None:
    """Masks and turns are sorted and within the text, masks do not touch, turns have words that are not masked."""
    script = as_script(Article(text, medium="phát thanh"))
    assert script.text == text
    reached = -1
    for start, end in script.masked:
        assert reached < start < end <= len(text)
        reached = end
    reached = 0
    for start, end, name in script.speakers:
        assert reached <= start < end <= len(text)
        assert name
        assert text[start:end].strip() == text[start:end]
        reached = end
    assert script.airtime is None or script.airtime >= 0
    for one in elements_of(text):
        assert 0 <= one.start <= one.end <= len(text)


def test_syllables_do_not_depend_on_how_marks_are_written() -> None:
    """Composed or decomposed, a text is said with the same syllables."""
    said = "Công an huyện Đắk Glong bắt 2 đối tượng lừa bán phụ nữ."
    assert syllables(said) == syllables(unicodedata.normalize("NFD", said)) == 13


def test_minutes_and_seconds_before_a_label() -> None:
    """A time code of minutes and seconds is one before a speaker's label; a time of day stays what it is."""
    text = """Phóng sự: Cảnh giác
PTV: Kính chào quý vị.
00:35 - 01:20 PV: Thưa ông, thủ đoạn của chúng là gì?
[01:20 – 02:05] Phỏng vấn (ông A): Chúng hứa việc nhẹ, lương cao.
05:30 sáng mai, bà con nhớ nghe đài."""
    script = as_script(Article(text))
    said = [(text[start:end], name) for start, end, name in script.speakers]
    assert [name for _, name in said] == ["PTV", "PV", "Phỏng vấn"]
    assert said[1][0] == "Thưa ông, thủ đoạn của chúng là gì?"
    assert "05:30 sáng mai" in said[2][0]
    hidden = [text[start:end] for start, end in script.masked]
    assert any("00:35 - 01:20 PV:" in part for part in hidden)
    assert (script.airtime, script.airtime_estimated) == (90.0, False)
