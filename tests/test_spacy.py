"""The rim to spaCy: tokens that keep the text, the component, docs of results, entry points."""

from __future__ import annotations

import copy
import os
import pickle
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import spacy
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from small_packs import rule
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from mbncheck import Checker, PackError
from mbncheck.report.json import result_as_dict, result_from_dict
from mbncheck.spacy import Component, Tokenizer, create_tokenizer, doc_of, make_component
from mbncheck.text.segment import sentences, words

KEY = "mbncheck"
OURS = {"nlp": {"tokenizer": {"@tokenizers": "mbncheck.Tokenizer.v1"}}}
TEXT = """Nạn buôn người  vẫn còn

  Họ hứa cho em <b>việc làm</b> & "lương cao". Em nhẹ dạ\u200b tin theo,\ttừ đó bị lừa bán qua biên giới.
"""
EVIDENCE = ["hứa cho em <b>việc làm", "lừa bán qua biên giới"]

# Words, marks, and whatever stands between them in texts that were pasted together.
WORDS = ("Công an", "buôn  bán", "lừa\nbán", "phụ nữ", "TP. Huế", "18001567", "http://a.vn/b?c", "Họ hứa.", "e\u0301")
SPACES = (" ", "   ", "\n", "\r\n", "\n \n", "\t", "\v", "\x1c", "\x85", "\u00a0", "\u2028", "\u3000")
MARKS = (". ", "?", "…", '"', "”", "👩\u200d👧", "🇻🇳", "\ud800", "\udfff")
UNSEEN = ("\0", "\u200b", "\u200d", "\ufeff", "\u0301", "\u202e", "\U000e0100")
mixed = st.lists(st.sampled_from(WORDS + SPACES + MARKS + UNSEEN), max_size=20).map("".join)
any_text = st.one_of(st.text(st.characters(), max_size=60), mixed)
same = settings(derandomize=True, deadline=None, max_examples=200)

forks = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def without_surrogates(text: str) -> str:
    """``text`` as spaCy can hold it."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


@pytest.fixture
def pack(make_pack: Callable[..., Path]) -> str:
    """A pack with an element of promises and a linked one of sales."""
    promise = rule("T1.promise", {"in_order": ["hứa", "việc làm"]}, element="1a", worth=0.4)
    sale = rule("T1.sale", {"in_order": ["lừa bán", "biên giới"]}, element="1b", worth=1.0)
    return str(make_pack(theme=[promise, sale]))


def pipeline(pack: str, lang: str = "vi", config: dict[str, Any] = OURS) -> Language:
    """A blank pipeline with our component, rules alone."""
    nlp = spacy.blank(lang, config=config)
    nlp.add_pipe(KEY, config={"pack": pack, "model": "none"})
    return nlp


def evidence(doc: Doc) -> list[tuple[str, str, str, str]]:
    """The spans of a doc: text, theme, and the rule twice."""
    return [(span.text, span.label_, span.kb_id_, span.id_) for span in doc.spans[KEY]]


# --- tokenizer -----------------------------------------------------------------------------------


@given(any_text)
@same
def test_the_text_is_kept(text: str) -> None:
    """Whatever the text, the doc is that text, and so it is after it was written and read."""
    doc = Tokenizer(Vocab())(text)
    assert doc.text == without_surrogates(text)
    assert all(len(token) for token in doc)
    assert Doc(Vocab()).from_bytes(doc.to_bytes()).text == doc.text


@given(any_text)
@same
def test_tokens_are_words(text: str) -> None:
    """Each of our words is a token; the rest is white space or what shows nothing."""
    text = without_surrogates(text)
    found = [(token.idx, token.idx + len(token)) for token in Tokenizer(Vocab())(text)]
    ours = [span for sentence in sentences(text) for span in words(text, *sentence)]
    assert [span for span in found if span in ours] == ours
    assert not any(char.isalnum() for start, end in set(found) - set(ours) for char in text[start:end])


@given(any_text)
@same
def test_sentences_begin_where_ours_do(text: str) -> None:
    """``doc.sents`` are our sentences, and nothing of the text stands outside them."""
    doc = Tokenizer(Vocab())(text)
    ours = [text[start:end] for start, end in sentences(text) if words(text, start, end)]
    assert "".join(sentence.text_with_ws for sentence in doc.sents) == doc.text
    if ours:
        assert len(list(doc.sents)) == len(ours)
        assert all(without_surrogates(a) in b.text for a, b in zip(ours, doc.sents, strict=True))


def test_white_space() -> None:
    """One plain space goes with the word before it; what is more is a token of its own."""
    doc = Tokenizer(Vocab())("  Nạn buôn  người \n\0 hết. \t")
    assert [token.text_with_ws for token in doc][:2] == ["  ", "Nạn "]
    assert [token.text_with_ws for token in doc][-5:] == ["\n", "\0 ", "hết", ". ", "\t"]
    assert not doc.has_unknown_spaces


@pytest.mark.parametrize(("text", "tokens"), [("", []), (" ", [" "]), (" \n", [" \n"]), ("\u200b", ["\u200b"])])
def test_texts_without_words(text: str, tokens: list[str]) -> None:
    """A text without words is a doc without words."""
    assert [token.text_with_ws for token in Tokenizer(Vocab())(text)] == tokens


def test_syllables_of_a_word_stay_together() -> None:
    """A word of several syllables is one token, as it stands."""
    doc = Tokenizer(Vocab())("Công an giải cứu phụ nữ.")
    assert [token.text for token in doc] == ["Công an", "giải cứu", "phụ nữ", "."]


def test_tokenizer_in_a_pipeline(tmp_path: Path) -> None:
    """The tokenizer is found by name, is in the configuration, and comes back from disk and bytes."""
    nlp = spacy.blank("vi", config=OURS)
    assert isinstance(nlp.tokenizer, Tokenizer)
    assert nlp.config["nlp"]["tokenizer"] == OURS["nlp"]["tokenizer"]
    nlp.to_disk(tmp_path / "nlp")
    loaded = spacy.load(tmp_path / "nlp")
    assert isinstance(loaded.tokenizer, Tokenizer)
    assert loaded.tokenizer.vocab is loaded.vocab
    assert isinstance(spacy.blank("vi", config=OURS).from_bytes(nlp.to_bytes()).tokenizer, Tokenizer)
    assert [doc.text for doc in loaded.pipe([TEXT, ""])] == [TEXT, ""]
    assert pickle.loads(pickle.dumps(nlp))(TEXT).text == TEXT  # noqa: S301 - our own bytes


def test_the_tokenizer_has_no_settings() -> None:
    """The entry point gives what spaCy asks for: a function of the pipeline."""
    nlp = spacy.blank("xx")
    assert create_tokenizer()(nlp).vocab is nlp.vocab


# --- component -----------------------------------------------------------------------------------


def test_component(pack: str) -> None:
    """The component fills spans and result; the result is that of the checker."""
    doc = pipeline(pack)(TEXT)
    first, second = evidence(doc)
    assert first == (EVIDENCE[0], "T1", "T1.promise", "T1.promise")
    assert second == (EVIDENCE[1], "T1", "T1.sale", "T1.sale")
    assert doc.text == TEXT
    assert doc._.mbncheck == Checker(pack, model=None).check(TEXT)
    assert doc.spans[KEY].name == KEY
    assert [doc.text[item.start : item.end] for item in doc._.mbncheck.themes["T1"].evidence] == EVIDENCE


@pytest.mark.parametrize(
    ("lang", "config"),
    [("vi", {"nlp": {"tokenizer": {"use_pyvi": False}}}), ("xx", {}), ("en", {}), ("zh", {})],
)
def test_other_tokenizers(pack: str, lang: str, config: dict[str, Any]) -> None:
    """With the tokens of others the result is the same, and the spans hold the evidence whole."""
    doc = pipeline(pack, lang, config)(TEXT)
    result = Checker(pack, model=None).check(TEXT)
    assert doc._.mbncheck == result
    for span, item in zip(doc.spans[KEY], result.themes["T1"].evidence, strict=True):
        assert span.start_char <= item.start < item.end <= span.end_char
        assert span[0].idx + len(span[0]) > item.start
        assert span[-1].idx < item.end


def test_tokens_that_lie_across(pack: str) -> None:
    """Evidence that begins or ends inside a token takes the whole token, and no other."""
    tokens = ["Nạn buôn người.", "Họ hứa", "cho em", "việc làm.", "Hết."]
    doc = Component(pack, "none")(Doc(Vocab(), words=tokens, spaces=[True] * 4 + [False]))
    (item,) = doc._.mbncheck.themes["T1"].evidence
    assert item.text == "hứa cho em việc làm"
    assert [span.text for span in doc.spans[KEY]] == ["Họ hứa cho em việc làm."]


@pytest.mark.parametrize("text", ["", " ", "\0", "Trời nắng đẹp."])
def test_nothing_found(pack: str, text: str) -> None:
    """A text without evidence has an empty group and a result all the same."""
    doc = pipeline(pack)(text)
    assert evidence(doc) == []
    assert doc._.mbncheck.themes["T1"].level == "absent"
    assert not doc._.mbncheck.in_scope


def test_a_doc_that_was_not_checked() -> None:
    """Without a check there is no result."""
    assert Tokenizer(Vocab())(TEXT)._.mbncheck is None


def test_parts_of_a_doc_have_no_result(pack: str) -> None:
    """A result never passes to a text it is not about: its offsets would be wrong there."""
    doc = pipeline(pack)(TEXT)
    assert doc[2:9].as_doc(copy_user_data=True)._.mbncheck is None
    assert copy.copy(doc)._.mbncheck == doc._.mbncheck
    with pytest.warns(UserWarning, match="W101"):
        joined = Doc.from_docs([doc, doc])
    assert joined._.mbncheck is None
    assert [span.text for span in joined.spans[KEY]] == EVIDENCE * 2


@forks
@pytest.mark.parametrize("processes", [1, 2])
def test_pipe(pack: str, processes: int) -> None:
    """Results survive the way back from worker processes, in order."""
    texts = [TEXT, "", "Trời nắng.", TEXT * 3, "\ud800 " + TEXT]
    docs = list(pipeline(pack).pipe(texts, n_process=processes))
    checker = Checker(pack, model=None)
    assert [doc.text for doc in docs] == list(map(without_surrogates, texts))
    assert [doc._.mbncheck for doc in docs] == [checker.check(doc.text) for doc in docs]
    assert [len(doc.spans[KEY]) for doc in docs] == [2, 0, 0, 6, 2]


def test_docs_are_stored(pack: str, tmp_path: Path) -> None:
    """A doc comes back from bytes, from a DocBin and from a pickle with spans and result."""
    nlp = pipeline(pack)
    doc = nlp(TEXT)
    box = DocBin(store_user_data=True, docs=[doc, nlp("")])
    box.to_disk(tmp_path / "docs.spacy")
    first, empty = DocBin(store_user_data=True).from_disk(tmp_path / "docs.spacy").get_docs(Vocab())
    again = Doc(Vocab()).from_bytes(doc.to_bytes())
    pickled = pickle.loads(pickle.dumps(doc))  # noqa: S301 - our own bytes
    assert empty._.mbncheck == nlp("")._.mbncheck
    for back in (first, again, pickled):
        assert back.text == TEXT
        assert evidence(back) == evidence(doc)
        assert back._.mbncheck == doc._.mbncheck
        assert back._.mbncheck.text == TEXT


def test_a_pipeline_is_stored(pack: str, tmp_path: Path) -> None:
    """A saved pipeline gives the same results, without the pack it was made with."""
    nlp = pipeline(pack)
    nlp.to_disk(tmp_path / "nlp")
    data, before = nlp.to_bytes(), nlp(TEXT)
    for file in Path(pack).iterdir():
        file.unlink()
    loaded = spacy.load(tmp_path / "nlp")
    restored = spacy.blank("vi", config=nlp.config).from_bytes(data)
    other = spacy.blank("vi", config=OURS)
    other.add_pipe(KEY)
    for after in (loaded, restored, other.from_bytes(data), pickle.loads(pickle.dumps(nlp))):  # noqa: S301
        component = after.get_pipe(KEY)
        assert isinstance(component, Component)
        assert (component.pack, component.model, component.lang) == (pack, "none", "vi")
        assert evidence(after(TEXT)) == evidence(before)
        assert after(TEXT)._.mbncheck == before._.mbncheck


def test_a_pack_compiled_by_another_version(pack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the saved form of the pack cannot be used, the pack itself is read."""
    nlp = pipeline(pack)
    data = nlp.to_bytes()
    monkeypatch.setattr("mbncheck.spacy.COMPILED_FORMAT", -1)
    later = pipeline(pack).from_bytes(data)
    assert evidence(later(TEXT)) == evidence(nlp(TEXT))
    (Path(pack) / "pack.yaml").unlink()
    with pytest.raises(PackError, match=r"pack\.yaml"):
        pipeline(pack).from_bytes(data)(TEXT)


def test_settings(pack: str) -> None:
    """Settings reach the component; titles are in its language; a wrong pack or language is named."""
    nlp = pipeline(pack, "xx", {})
    component = nlp.get_pipe(KEY)
    assert isinstance(component, Component)
    assert component.labels == ("T1",)
    assert nlp.pipe_labels[KEY] == ["T1"]
    assert component.titles == {"T1": "Nhỏ"}
    assert make_component(nlp, KEY, pack, None, "en").titles == {"T1": "Small"}
    with pytest.raises(ValueError, match="vi, en"):
        make_component(nlp, KEY, pack, None, "fr")
    with pytest.raises(PackError, match="nowhere"):
        pipeline("nowhere")("x")


def test_defaults() -> None:
    """Unconfigured, the component stands for the shipped pack and model, not loaded yet."""
    nlp = spacy.blank("vi", config=OURS)
    nlp.add_pipe(KEY)
    config = nlp.get_pipe_config(KEY)
    assert (config["pack"], config["model"], config["lang"]) == ("dak-nong-2020", "default", "vi")
    analysis = nlp.analyze_pipes()
    assert analysis is not None
    assert analysis["summary"][KEY]["assigns"] == ["doc.spans", "doc._.mbncheck"]


# --- results as docs -----------------------------------------------------------------------------


def test_to_doc(pack: str) -> None:
    """A result becomes the doc that the component would have made."""
    nlp = pipeline(pack)
    result = Checker(pack, model=None).check(TEXT, id="bài-1")
    doc = result.to_doc()
    assert (doc.text, doc.lang_) == (TEXT, "vi")
    assert evidence(doc) == evidence(nlp(TEXT))
    assert doc._.mbncheck == result
    assert doc._.mbncheck.to_doc().to_bytes() == doc.to_bytes()
    assert doc_of(result, nlp.vocab).vocab is nlp.vocab


def test_to_doc_of_odd_characters(pack: str) -> None:
    """Lone surrogates, of the text and of its name, cannot stop a doc; offsets stay."""
    result = Checker(pack, model=None).check("\ud83d\ude00 Nạn buôn người. Họ hứa cho \ud800 việc làm.", id="b\udce0i")
    doc = result.to_doc()
    back = Doc(Vocab()).from_bytes(doc.to_bytes())._.mbncheck
    (item,) = back.themes["T1"].evidence
    assert doc.text[item.start : item.end] == item.text == "hứa cho \ufffd việc làm"
    assert back.id == "b\ufffdi"


def test_a_result_without_its_text(pack: str) -> None:
    """A result that was read back has no text; with the text it has a doc again."""
    result = Checker(pack, model=None).check(TEXT)
    with pytest.raises(ValueError, match="does not hold the text"):
        result_from_dict(result_as_dict(result)).to_doc()
    assert evidence(result_from_dict(result_as_dict(result), TEXT).to_doc()) == evidence(result.to_doc())


def test_results_carry_their_text_unseen(pack: str) -> None:
    """The text is in the result for ``to_doc`` alone, also of pieces the gate stopped."""
    for text in (TEXT, "Trời nắng đẹp."):
        result = Checker(pack, model=None).check(text)
        assert result.text == text
        assert f"text={text!r}" not in repr(result)


def test_displacy(pack: str) -> None:
    """HTML of displaCy shows themes, rules and the text, escaped."""
    doc = Checker(pack, model=None).check(TEXT).to_doc()
    html = displacy.render(doc, style="span", options={"spans_key": KEY}, jupyter=False)
    assert "T1" in html
    assert "T1.promise" in html
    assert "<b" not in html
    assert "&lt;b" in html
    assert "&quot;" in html
    assert "việc làm" in html


# --- installed -----------------------------------------------------------------------------------

INSTALLED = """
import multiprocessing, sys
from pathlib import Path
import spacy

def main(pack, text, folder):
    assert "mbncheck" not in sys.modules
    tokenizer = {"@tokenizers": "mbncheck.Tokenizer.v1"}
    nlp = spacy.blank("vi", config={"nlp": {"tokenizer": tokenizer}})
    assert "underthesea" not in sys.modules and "yaml" not in sys.modules
    nlp.add_pipe("mbncheck", config={"pack": pack, "model": "none"})
    nlp.to_disk(folder)
    for doc in spacy.load(folder).pipe([text, text], n_process=2):
        print(doc.text == text, [span.label_ for span in doc.spans["mbncheck"]], doc._.mbncheck.in_scope)

if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main(sys.argv[1], Path(sys.argv[2]).read_text(encoding="utf-8"), sys.argv[3])
"""


def run(*arguments: str | Path, path: str) -> str:
    """Run Python with ``path`` for modules; what it printed."""
    command = [sys.executable, "-W", "error", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def installed(tmp_path: Path) -> str:
    """A module path on which mbncheck looks installed, with the entry points of ``pyproject.toml``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    about = tmp_path / "site" / "mbncheck-0.dist-info"
    about.mkdir(parents=True)
    groups = [
        f"[{group}]\n" + "".join(f"{name} = {where}\n" for name, where in points.items())
        for group, points in project["entry-points"].items()
    ]
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: mbncheck\nVersion: 0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("\n".join(groups), encoding="utf-8")
    return os.pathsep.join([str(about.parent), str(ROOT)])


def test_installed_is_enough(installed: str, pack: str, tmp_path: Path) -> None:
    """With mbncheck installed nothing has to be imported, here or in workers that start afresh."""
    script, text = tmp_path / "script.py", tmp_path / "text.txt"
    script.write_text(INSTALLED, encoding="utf-8")
    text.write_bytes(TEXT.encode())
    printed = run(script, pack, text, tmp_path / "nlp", path=installed)
    assert printed.splitlines() == ["True ['T1', 'T1'] True"] * 2


def test_spacy_is_imported_only_when_asked_for(pack: str) -> None:
    """A check alone loads nothing of spaCy."""
    code = (
        "import sys; from mbncheck import *; from mbncheck.report import json;"
        f"Checker({pack!r}, model=None).check('Nạn buôn người.');"
        "print([name for name in sys.modules if name.startswith(('spacy', 'thinc', 'mbncheck.spacy'))])"
    )
    assert run("-c", code, path=str(ROOT)).strip() == "[]"
