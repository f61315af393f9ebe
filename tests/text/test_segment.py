"""Sentences and words, held to offsets of the original text."""

from __future__ import annotations

import subprocess
import sys
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbncheck.text.normalise import normalise
from mbncheck.text.segment import sentences, words

ARTICLE = """Hai thiếu nữ được đón về từ bên kia biên giới
Tối qua, tổ công tác của đồn biên phòng đã đón hai em về nước. Trước đó, các em nghe lời một người quen
trên mạng, bỏ nhà đi tìm việc nhẹ lương cao.

"Cháu tưởng chỉ đi bán quần áo." Em kể lại với giọng run run, rồi cúi mặt!
Ông Trần Văn B., 45 tuổi, trú tại TP.HCM, khai đã nhận 1.200.000 đồng và hoà vào dòng khách du lịch.
Người dân thấy dấu hiệu khả nghi hãy gọi tổng đài 111 (miễn phí, 24/7) hoặc báo công an xã gần nhất."""

same = settings(derandomize=True, deadline=None, max_examples=150)
ODD = "aàbđAÀĐ .?!…,\"”(\n\r\t\u200b\u00a0\u0301\u0323\0\ud800ðh'’-/:@www.http://a.vn/TP.1…"
any_text = st.one_of(st.text(st.characters(), max_size=60), st.text(alphabet=ODD, max_size=80))


def cut(text: str) -> list[str]:
    """The sentences as strings."""
    return [text[a:b] for a, b in sentences(text)]


def segmented(text: str) -> list[str]:
    """The words of a text as strings."""
    return [text[a:b] for span in sentences(text) for a, b in words(text, *span)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bị lừa đi lao động.Cô xưng tên Lan.", ["Bị lừa đi lao động.", "Cô xưng tên Lan."]),
        ("Năm 2020.Chị về nước.", ["Năm 2020.", "Chị về nước."]),
        ("Chị Nguyễn Thị A., SN 1990, trú tại TP.HCM.", ["Chị Nguyễn Thị A., SN 1990, trú tại TP.HCM."]),
        ("Em T.N. kể lại. Mẹ khóc.", ["Em T.N. kể lại.", "Mẹ khóc."]),
        ("Theo Th.S Hà và PGS.TS. Bình ở TP. Huế. Hết.", ["Theo Th.S Hà và PGS.TS. Bình ở TP. Huế.", "Hết."]),
        ("Số tiền 1.200 đồng. Xong.", ["Số tiền 1.200 đồng.", "Xong."]),
        ('"Tôi không biết." Chị khóc.', ['"Tôi không biết."', "Chị khóc."]),
        ('"Sao thế?" chị hỏi. Im lặng.', ['"Sao thế?" chị hỏi.', "Im lặng."]),
        (
            "Vào vnexpress.net, www.a.vn hoặc a.b@c.vn. Gọi 111.",
            ["Vào vnexpress.net, www.a.vn hoặc a.b@c.vn.", "Gọi 111."],
        ),
        ("Cô kể... Anh im… Rồi đi", ["Cô kể...", "Anh im…", "Rồi đi"]),
        ("1. Truyền thông. 2. Tập huấn.", ["1. Truyền thông.", "2. Tập huấn."]),
        ("Tiêu đề\nThân bài", ["Tiêu đề", "Thân bài"]),
        ("", []),
        (" \n\u200b\n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    """Sentences end where a reader sees an end, also where a space is missing."""
    assert cut(text) == expected


def test_a_wrapped_line_is_one_sentence() -> None:
    """A line end inside a sentence does not end it."""
    assert any("người quen\ntrên mạng" in sentence for sentence in cut(ARTICLE))


def test_sentences_do_not_depend_on_composition() -> None:
    """Decomposed text, text with no-break spaces and text with invisible characters split alike."""
    for variant in (
        unicodedata.normalize("NFD", ARTICLE),
        ARTICLE.replace(" ", "\u00a0"),
        ARTICLE.replace("ng ", "ng\u200b "),
        ARTICLE.replace("\n", "\r\n"),
    ):
        assert [normalise(s).text for s in cut(variant)] == [normalise(s).text for s in cut(ARTICLE)]


def test_words_are_those_of_underthesea() -> None:
    """On ordinary text the words are word_tokenize's, but for the characters it rewrites."""
    from underthesea import word_tokenize

    for start, end in sentences(ARTICLE):
        ours = [ARTICLE[a:b] for a, b in words(ARTICLE, start, end)]
        theirs = word_tokenize(ARTICLE[start:end])
        assert [normalise(w).text for w in ours] == [normalise(w).text for w in theirs]


def test_words_keep_their_original_characters() -> None:
    """What underthesea rewrites (hoá, nghành, ð) comes back as it was written."""
    text = "Văn hoá nghành nghề, ngưòi ðàn ông"
    assert "".join(segmented(text)).replace(" ", "") == text.replace(" ", "")


def test_words_through_invisible_characters() -> None:
    """A soft hyphen or zero-width character does not split a word."""
    text = "nạn nh\u00adân bị lừa\u200b bán"
    assert "nạn nh\u00adân" in segmented(text)
    plain = segmented("nạn nhân bị lừa bán")
    assert [w.replace("\u00ad", "").replace("\u200b", "") for w in segmented(text)] == plain


def test_decomposed_words() -> None:
    """Decomposed text has the same words."""
    decomposed = unicodedata.normalize("NFD", ARTICLE)
    assert [unicodedata.normalize("NFC", w) for w in segmented(decomposed)] == segmented(ARTICLE)


def test_th_before_s_is_not_a_title() -> None:
    """The name in "Th sống" is not read as the title Th.S."""
    assert not any(word.endswith("Th s") for word in segmented("Em Th sống cùng bà ngoại"))


def test_urls_are_one_word() -> None:
    """A web address is one word, the full stop after it another."""
    found = segmented("Xem tại http://www.abc.vn/tin?id=1. Hết")
    assert "http://www.abc.vn/tin?id=1" in found
    long = "http://www.abc.vn/" + "tin-moi-" * 10 + "1.html"
    assert long in segmented(f"Theo [báo]({long}).")


def test_glued_text_still_has_words() -> None:
    """A long run of words joined by punctuation is taken apart."""
    assert "khách" in segmented("người," * 8 + "khách," + "người," * 8)


HAZARDS = {
    "url and dots": "http://" + "." * 28,
    "question marks": "?" * 30,
    "url and question marks": "http://" + "?" * 30,
    "domain and dots": "a.com/" + "." * 50,
    "initials": "a." * 16_000,
    "short initials": ("a." * 30 + " ") * 1_600,
    "one long run of urls": "http:a(" * 14_000,
    "one long run of domains": "a.com/(" * 14_000,
    "brackets": ("http://" + "(" * 50 + " ") * 1_700,
    "one line": "nạn nhân " * 11_000,
    "many sentences": "Nạn nhân bị bán. " * 6_000,
    "no space": "x" * 100_000,
    "spaces": " " * 100_000 + "a",
    "line ends": "a\n" * 50_000,
    "quotes": '".' * 50_000,
    "ellipses": "… A" * 33_000,
    "marks": "a" + "\u0301" * 100_000,
    "invisible": "\u200b" * 100_000,
    "hyphens": ("a-" * 30 + " ") * 1_600,
    "addresses": ("a" * 59 + "@ ") * 1_600,
    "surrogates": "\ud800" * 100_000,
    "NUL": "mua\0 bán\0",
    "emoji": "👮\u200d♀\ufe0f " * 20_000,
}


@pytest.mark.parametrize("name", HAZARDS)
def test_hazards_end_soon(name: str) -> None:
    """Strings that hang or crash underthesea take seconds at most (bounds leave room for a busy machine)."""
    segmented("Một câu.")
    text = HAZARDS[name]
    start = time.process_time()
    segmented(text)
    assert time.process_time() - start < 10


@same
@given(any_text)
def test_spans_are_ordered_and_in_range(text: str) -> None:
    """Sentences and words of any string are ordered, disjoint, not empty, and lose no letter."""
    end = 0
    for start, stop in sentences(text):
        assert end <= start < stop <= len(text)
        assert not any(map(str.isalnum, text[end:start]))
        last = start
        for a, b in words(text, start, stop):
            assert last <= a < b <= stop
            assert not any(map(str.isalnum, text[last:a]))
            assert not text[a].isspace()
            assert not text[b - 1].isspace()
            last = b
        assert not any(map(str.isalnum, text[last:stop]))
        end = stop
    assert not any(map(str.isalnum, text[end:]))


def test_threads_share_one_model() -> None:
    """Segmenting from several threads gives what one thread gives."""
    expected = segmented(ARTICLE)
    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected for found in pool.map(segmented, [ARTICLE] * 8))


def test_import_is_late_and_leaves_logging_alone() -> None:
    """The module does not import underthesea; using it leaves the root logger as it was."""
    program = (
        "import sys, logging\n"
        "from mbncheck.text.segment import sentences\n"
        "assert 'underthesea' not in sys.modules\n"
        "assert sentences('Một. Hai.') == [(0, 4), (5, 9)]\n"
        "assert not logging.getLogger().handlers and logging.getLogger().level == logging.WARNING\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_initials_before_brackets_do_not_end_a_sentence() -> None:
    """A name in initials goes on into the brackets that tell the age."""
    text = "Công an bắt Trần V.Q. (41 tuổi) về tội mua bán người. Vụ án được mở rộng."
    assert [text[a:b] for a, b in sentences(text)] == [text[:53], text[54:]]
