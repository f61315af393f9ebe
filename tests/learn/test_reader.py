"""The learned reader at work: what it decides, what it shows, how it explains itself."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from learn_set import FILM, LEAFLETS, LURES, TIE, pack, trained
from small_packs import pack_of, rule

from mbncheck import Article, Checker, CheckResult, ModelError
from mbncheck.learn.reader import LearnedReader, load_reader
from mbncheck.learn.weights import load_weights, save_weights
from mbncheck.locale import say
from mbncheck.report.explanation import feature_in_words
from mbncheck.report.terminal import TextReport

LEAFLET = f"Bà con đi nương từ sớm. {LEAFLETS[0]} Xã có năm thôn. {TIE}"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The trained model on disk."""
    path = tmp_path / "model.json"
    save_weights(trained().weights, path)
    return path


@pytest.fixture
def checker(model: Path) -> Checker:
    """A checker with the trained model."""
    return Checker(pack(), model=model)


@pytest.fixture
def alone() -> Checker:
    """The same pack with rules alone."""
    return Checker(pack(), model=None)


def test_scope(checker: Checker, alone: Checker) -> None:
    """The model tells films from the crime, where the rules see the same words."""
    film, real = f"{FILM} Xã có năm thôn.", f"{TIE} Xã có năm thôn."
    assert alone.check(film).in_scope
    assert not checker.check(film).in_scope
    assert checker.check(real).in_scope
    probability = checker.check(film).scope_probability
    assert probability is not None
    assert probability < 0.5


def test_carrying_sentences(checker: Checker, alone: Checker) -> None:
    """A theme that no rule speaks for is shown by the sentences that carried it."""
    result = checker.check(LEAFLET)
    found = result.themes["T2"]
    assert found.level == "covered"
    assert 1 <= len(found.evidence) <= 2
    assert LEAFLETS[0] in [item.text for item in found.evidence]
    assert found.elements == ()
    for item in found.evidence:
        assert item.rule == "learned:T2"
        assert LEAFLET[item.start : item.end] == item.text
        assert (item.start, item.end) == item.sentence == item.parts[0]
        assert item.worth == 0
        assert item.probability is not None
        assert 0 <= item.probability <= 1
    assert found.clearest is not None
    assert found.clearest.text == LEAFLETS[0]
    assert [item.start for item in found.evidence] == sorted(item.start for item in found.evidence)
    assert found.total == 0
    assert 0 < found.share < 1
    assert alone.check(LEAFLET).themes["T2"].level == "absent"


def test_rules_speak_first(checker: Checker) -> None:
    """Where a rule speaks for the theme, its evidence is what is shown."""
    found = checker.check(f"{LURES[0]} Xã có năm thôn. {TIE}").themes["T1"]
    assert found.level == "covered"
    assert {item.rule for item in found.evidence} == {"T1.promise"}
    assert found.elements == ("1a",)


def test_the_clearest_evidence_comes_first(checker: Checker, alone: Checker) -> None:
    """Of equal rules the sentence more likely to carry the theme is the clearest; without a model the earliest is."""
    text = f"Trời hứa mưa. {LURES[0]} Xã có năm thôn. {TIE}"
    found, by_rules = checker.check(text).themes["T1"], alone.check(text).themes["T1"]
    assert [item.worth for item in found.evidence] == [0.5, 0.5]
    likely = [item.probability for item in found.evidence]
    assert None not in likely
    assert found.clearest is found.evidence[likely.index(max(likely))]  # type: ignore[type-var]
    assert text[slice(*found.clearest.sentence)] == LURES[0]
    assert by_rules.clearest is by_rules.evidence[0]
    assert all(item.probability is None for item in by_rules.evidence)


def test_out_of_scope_caps(checker: Checker) -> None:
    """A piece that the model calls out of scope covers nothing, and shows no carrying sentences."""
    result = checker.check(f"{FILM} {LEAFLETS[0]} {LURES[1]}")
    assert not result.in_scope
    assert result.themes["T2"].level == "absent"
    assert result.themes["T1"].level == "mentioned"


def test_unsure(checker: Checker, model: Path) -> None:
    """A decision close to its threshold is marked."""
    probability = checker.check(LEAFLET).themes["T2"].probability
    assert probability is not None
    weights = load_weights(model)
    for threshold, unsure in ((probability - 0.1, True), (probability + 0.1, True), (probability - 0.2, False)):
        near = dataclasses.replace(weights, thresholds={**weights.thresholds, "T2": threshold})
        save_weights(near, model)
        found = Checker(pack(), model=model).check(LEAFLET).themes["T2"]
        assert found.unsure is unsure
        assert found.level == ("covered" if probability >= threshold else "absent")


def test_what_a_result_says_of_the_model(checker: Checker, alone: Checker) -> None:
    """A result names its model, with a probability for every theme; without a model, or at the gate, none."""
    result = checker.check(LEAFLET)
    assert result.model == "synthetic"
    assert all(theme.probability is not None for theme in result.themes.values())
    without: list[CheckResult] = [alone.check(LEAFLET), checker.check("Trời mưa.")]
    for one in without:
        assert (one.model, one.scope_probability) == (None, None)
        assert all(theme.probability is None for theme in one.themes.values())


def test_none_is_rules_alone(alone: Checker) -> None:
    """``model="none"`` and ``model=None`` are the same."""
    assert Checker(pack(), model="none").check(LEAFLET) == alone.check(LEAFLET)
    assert Checker(pack(), model="none").reader is None


def test_explain(checker: Checker) -> None:
    """An explanation names features and n-grams by what moved the decision most."""
    reader, reading = checker.reader, checker.read(LEAFLET)
    assert isinstance(reader, LearnedReader)
    assert reading is not None
    moved = reader.explain(reading, "T2")
    assert len(moved) == 8
    assert [abs(value) for _, value in moved] == sorted((abs(value) for _, value in moved), reverse=True)
    names = [name for name, _ in reader.explain(reading, "T2", 30)]
    assert "sentence:T2" in names
    assert {"“tờ rơi”", "“rơi”", "“tờ”"} & set(names)
    scope = dict(reader.explain(reading, "scope", 50))
    assert "total:scope" in scope


def test_the_default_model_is_for_its_pack(alone: Checker) -> None:
    """With another pack the shipped model is not used, and nothing is said in its name."""
    assert load_reader("default", alone.pack) is None
    assert Checker(pack()).check(LEAFLET) == alone.check(LEAFLET)


def test_the_default_model() -> None:
    """The shipped model is read, knows the themes of the shipped pack, and is used by default."""
    checker = Checker()
    reader = load_reader("default", checker.pack)
    assert reader is not None
    assert reader.weights.pieces.targets == ("scope", *checker.pack.themes)
    assert checker.check("Công an triệt phá đường dây mua bán người.").model == reader.name


def test_a_model_for_other_themes(model: Path) -> None:
    """A model for other themes is refused, and its pack named."""
    other = pack_of(theme=[rule("T1.x", "~hứa", element="1a", worth=1.0)])
    checker = Checker(other, model=model)
    with pytest.raises(ModelError) as caught:
        checker.check("Nạn buôn người vẫn còn.")
    assert "another pack (small)" in caught.value.en
    assert "bộ quy tắc khác (small)" in caught.value.vi


def test_one_sentence_and_none(checker: Checker) -> None:
    """Pieces of one sentence, of none that are whole, and of odd characters are judged like others."""
    for text in ("Nạn buôn người", "buôn người", "\ufeffbuôn người\0\0", "buôn người\n\n\n…", "BUÔN NGƯỜI " * 500):
        result = checker.check(text)
        assert result.scope_probability is not None
        assert 0 <= result.scope_probability <= 1


def test_explained_in_the_terminal(checker: Checker, capsys: pytest.CaptureFixture[str]) -> None:
    """``--explain`` shows learned sentences as such, and what moved the model."""
    article = Article(LEAFLET, id="leaflet.txt")
    report = TextReport(checker, "en", checker.pack.themes, explain=True, color=False)
    assert report.show([(article, checker.check_article(article))]) == 0
    shown = capsys.readouterr().out
    assert "learned:T2" in shown
    assert say("en", "learned") in shown
    assert say("en", "weights") in shown
    strongest, _ = checker.explain(LEAFLET, "T2")[0]
    assert feature_in_words(strongest, checker.pack, "en") in shown
