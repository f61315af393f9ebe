"""Results as plain data and back."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_packs import rule

from mbncheck import Article, Checker, CheckResult, Evidence, PackReference, Rejected, ThemeResult
from mbncheck.model import Note
from mbncheck.report.json import SCHEMA_VERSION, Outcome, result_as_dict, result_from_dict, write_json

TEXT = "Nạn buôn người vẫn còn.\n\nHọ hứa cho em việc làm nhẹ."

any_text = st.text(max_size=12)
offsets = st.integers(0, 10**6)
spans = st.tuples(offsets, offsets)
shares = st.floats(0, 1)
evidence = st.builds(
    Evidence,
    rule=any_text,
    element=any_text,
    start=offsets,
    end=offsets,
    text=any_text,
    parts=st.lists(spans, max_size=3).map(tuple),
    sentence=spans,
    place=st.sampled_from(["title", "lead", "body"]),
    line=offsets,
    column=offsets,
    worth=shares,
    probability=st.none() | shares,
    speaker=st.none() | any_text,
)
pieces_of_evidence = st.lists(evidence, max_size=2).map(tuple)
themes = st.builds(
    ThemeResult,
    theme=st.sampled_from(["T1", "T2", "T3"]),
    level=st.sampled_from(["absent", "mentioned", "covered"]),
    elements=st.lists(any_text, max_size=3).map(tuple),
    evidence=pieces_of_evidence,
    share=shares,
    total=st.floats(0, 50),
    probability=st.none() | shares,
    unsure=st.booleans(),
)
results = st.builds(
    CheckResult,
    id=any_text,
    length=offsets,
    in_scope=st.booleans(),
    scope_probability=st.none() | shares,
    scope_evidence=pieces_of_evidence,
    themes=st.lists(themes, max_size=3).map(lambda found: {item.theme: item for item in found}),
    pack=st.builds(PackReference, any_text, any_text, any_text),
    model=st.none() | any_text,
    no_diacritics=st.booleans(),
    outlet=st.none() | any_text,
    published=st.none() | st.dates(),
    notes=st.lists(st.builds(Note, any_text, any_text, any_text), max_size=2).map(tuple),
    text=any_text,
)


@pytest.fixture
def result(make_pack: Callable[..., Path]) -> CheckResult:
    """A result with evidence in the body and in scope."""
    folder = make_pack(theme=[rule("T1.promise", {"in_order": ["hứa", "việc làm"]}, element="1a", worth=1.0)])
    return Checker(folder, model=None).check(TEXT, id="bài-1", outlet="Đài huyện")


def tuples(value: Any) -> Any:
    """``value`` with every list as a tuple, as some formats give lists back."""
    if isinstance(value, dict):
        return {key: tuples(item) for key, item in value.items()}
    return tuple(map(tuples, value)) if isinstance(value, list) else value


@given(results)
@settings(derandomize=True, deadline=None, max_examples=200)
def test_round_trip(result: CheckResult) -> None:
    """A result comes back from its plain data, also by way of JSON and of tuples."""
    data = result_as_dict(result)
    for form in (data, json.loads(json.dumps(data)), json.loads(json.dumps(data, ensure_ascii=False)), tuples(data)):
        back = result_from_dict(form)
        assert back == result
        assert result_as_dict(back) == data
        assert list(back.themes) == list(result.themes)


def test_round_trip_of_a_check(result: CheckResult) -> None:
    """What a check finds comes back whole: spans as tuples, the date as a date."""
    assert result.in_scope
    assert result.themes["T1"].evidence[0].text == "hứa cho em việc làm"
    back = result_from_dict(json.loads(json.dumps(result_as_dict(result))))
    assert back == result
    assert back.themes["T1"].evidence[0].parts == ((28, 31), (39, 47))


def test_the_text_stays_out(result: CheckResult) -> None:
    """The piece itself is neither written out nor shown nor compared; it can be given back."""
    data = result_as_dict(result)
    assert "text" not in data
    assert "Nạn" not in repr(result)
    assert result.text == TEXT
    assert result_from_dict(data).text == ""
    assert result_from_dict(data, TEXT).text == TEXT
    assert result_from_dict(data) == result_from_dict(data, TEXT) == result


def test_some_themes_only(result: CheckResult) -> None:
    """A result written with fewer themes comes back with those."""
    assert result_from_dict(result_as_dict(result, themes=[])).themes == {}


@pytest.mark.parametrize("change", [{"schema": "0.1"}, {"schema": None}])
def test_another_schema_is_refused(result: CheckResult, change: dict[str, object]) -> None:
    """Data of another version of the schema is refused by name."""
    with pytest.raises(ValueError, match=f"schema {SCHEMA_VERSION}"):
        result_from_dict({**result_as_dict(result), **change})


def test_written_files_come_back(result: CheckResult) -> None:
    """Both written forms hold every result, and every rejected file, in order."""
    rejected = Rejected("hỏng.docx", "Tệp hỏng.", "The file is damaged.", "Lưu lại.", "Save it again.")
    outcomes: list[Outcome] = [(Article(TEXT, "bài-1"), result), rejected, (Article(TEXT, "bài-1"), result)]
    warned: list[Rejected] = []
    whole, by_line = io.StringIO(), io.StringIO()
    for out, lines in ((whole, False), (by_line, True)):
        assert write_json(outcomes, out, ["T1"], lines=lines, warn=warned.append) == 1
    assert warned == [rejected, rejected]
    document = json.loads(whole.getvalue())
    records = [json.loads(line) for line in by_line.getvalue().splitlines()]
    assert [result_from_dict(item) for item in document["results"]] == [result, result]
    assert [result_from_dict(item) for item in records if "rejected" not in item] == [result, result]
    assert [records[1]["rejected"]] == document["rejected"]
    assert document["rejected"][0]["reason"] == {"vi": "Tệp hỏng.", "en": "The file is damaged."}
