"""Scores of outlets: counted by hand, whatever the order, whoever the outlet."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from made_pieces import THEMES, a_quarter, piece

from mbncheck import Article, BalanceError, Checker, OutletBalance, Pack, PackError, Piece, score
from mbncheck.balance.directory import Directory
from mbncheck.balance.pieces import piece_of, piece_table
from mbncheck.pack.load import load_outlets
from mbncheck.pack.schema import OutletEntry, OutletsFile


def by_id(balances: list[OutletBalance]) -> dict[str, OutletBalance]:
    """Balances by the id of their outlet."""
    return {balance.outlet: balance for balance in balances}


@pytest.fixture(scope="module")
def scored(real_pack: Pack) -> dict[str, OutletBalance]:
    """The made quarter, scored by the shipped pack."""
    return by_id(score(a_quarter(), "2020-Q3", real_pack))


def statuses(balance: OutletBalance) -> dict[str, str]:
    """Its duties and how they stand."""
    return {duty.duty: duty.status for duty in balance.duties}


def test_volume(scored: dict[str, OutletBalance]) -> None:
    """Raw and unique pieces, words, minutes, what another outlet had first, what a person decided."""
    paper, radio = scored["bao-dak-nong"].volume, scored["truyen-thanh-dak-wil"].volume
    assert (paper.checked, paper.raw, paper.pieces, paper.words, paper.by_human) == (6, 5, 4, 800, 1)
    assert paper.per_month == pytest.approx(4 / 3)
    assert (radio.raw, radio.pieces, radio.first_elsewhere) == (3, 2, 1)
    assert (radio.broadcasts, radio.minutes_on_air, radio.minutes, radio.estimated) == (3, 3.5, 2.0, 1)
    assert scored["bao-dak-nong"].undated == 1


def test_nothing_is_dropped(scored: dict[str, OutletBalance], real_pack: Pack) -> None:
    """Unknown outlets, and pieces without one, are scored and said to be unknown; listed ones without pieces too."""
    unknown = {balance.name for balance in scored.values() if not balance.known}
    assert unknown == {'=HYPERLINK("http://x")', ""}
    assert real_pack.outlets is not None
    assert {outlet.id for outlet in real_pack.outlets.outlets} <= set(scored)
    assert scored["viettel-dak-nong"].volume.raw == 0
    assert [gap.code for gap in scored["viettel-dak-nong"].gaps] == ["silent"]
    outlets = [balance for key, balance in scored.items() if key != "province"]
    assert sum(balance.volume.raw for balance in outlets) == scored["province"].volume.raw == 10
    assert scored["province"].volume.pieces == 7  # r3 is a reprint of a4


def test_themes(scored: dict[str, OutletBalance]) -> None:
    """Covered and mentioned pieces, shares of all covered themes, the quarter's quota."""
    themes = {theme.theme: theme for theme in scored["bao-dak-nong"].themes}
    assert {name: theme.covered for name, theme in themes.items()} == dict(
        zip(THEMES, (1, 2, 2, 3, 2, 1, 1), strict=True)
    )
    assert themes["T7"].mentioned == 1
    assert themes["T4"].share == pytest.approx(3 / 12)
    assert sum(theme.share for theme in themes.values()) == pytest.approx(1)
    assert scored["bao-dak-nong"].completeness == 1
    assert scored["truyen-thanh-dak-wil"].completeness == pytest.approx(3 / 7)


def test_quota_grows_with_the_period(real_pack: Pack) -> None:
    """One piece a quarter is two a half-year, four a year, and never less than one."""
    for period, quota in (("2020-H1", 2), ("2020", 4), ("2020-03", 1), ("2020-03-01..2020-03-05", 1)):
        assert {theme.quota for theme in score([], period, real_pack)[-1].themes} == {quota}


def test_weights(real_pack: Pack) -> None:
    """By words a long piece counts more; by airtime what was not on air does not count, and is said."""
    by_words = by_id(score(a_quarter(), "2020-Q3", real_pack, weight="words"))["bao-dak-nong"]
    assert {theme.theme: theme.share for theme in by_words.themes}["T1"] == pytest.approx(500 / 4000)
    by_airtime = by_id(score(a_quarter(), "2020-Q3", real_pack, weight="airtime"))
    radio = {theme.theme: theme.share for theme in by_airtime["truyen-thanh-dak-wil"].themes}
    assert radio["T4"] == pytest.approx(120 / 240)
    assert radio["T6"] == pytest.approx(90 / 240)
    assert by_airtime["bao-dak-nong"].evenness is None
    assert by_airtime["bao-dak-nong"].unweighted == 4
    with pytest.raises(BalanceError, match="pieces, words, airtime"):
        score([], "2020", real_pack, weight="views")  # type: ignore[arg-type]


def test_trends(scored: dict[str, OutletBalance]) -> None:
    """Against the quarter before by months; no data is not zero."""
    trend = scored["bao-dak-nong"].previous
    assert trend is not None
    assert (str(trend.period), trend.volume.pieces, trend.pieces.ratio) == ("2020-Q2", 1, 4)
    assert trend.pieces.low < 4 < (trend.pieces.high or 0)
    assert trend.words == pytest.approx(8)
    assert scored["bao-dak-nong"].year_before is None
    assert scored["truyen-thanh-dak-wil"].previous is None


def test_months(scored: dict[str, OutletBalance]) -> None:
    """Raw pieces of every month of the period."""
    assert [(str(month.month), month.pieces) for month in scored["bao-dak-nong"].months] == [
        ("2020-07", 3),
        ("2020-08", 0),
        ("2020-09", 2),
    ]


def test_duties(scored: dict[str, OutletBalance]) -> None:
    """Each kind of outlet has its own; what an archive cannot tell is said to be so."""
    assert statuses(scored["bao-dak-nong"]) == {
        "press-every-month": "missed",
        "press-all-themes": "met",
        "press-more": "met",
        "press-national-day": "met",
        "press-reports": "not_in_archive",
    }
    (monthly,) = [duty for duty in scored["bao-dak-nong"].duties if duty.duty == "press-every-month"]
    assert [str(month) for month in monthly.missed] == ["2020-08"]
    assert statuses(scored["truyen-thanh-dak-wil"]) == {"radio-pieces": "met"}
    assert statuses(scored["cong-ttdt-tinh"]) == {"portal-national-day": "missed", "portal-pieces": "missed"}
    assert statuses(scored["province"]) == {"key-places": "missed"}


def test_the_window(real_pack: Pack) -> None:
    """30 July: due only where the day lies in the period, from 15 July to 5 August."""

    def status(period: str, *days: str) -> str:
        pieces = [piece(day, day, "3") for day in days]
        return statuses(by_id(score(pieces, period, real_pack))["bao-dak-nong"])["press-national-day"]

    assert status("2020-Q3", "2020-07-14", "2020-08-06") == "missed"
    assert status("2020-Q3", "2020-07-15") == status("2020-Q3", "2020-08-05") == "met"
    assert status("2020-Q2") == status("2020-07-01..2020-07-29") == "not_due"
    assert status("2020-07", "2020-08-05") == "missed"


@pytest.mark.parametrize(
    ("now", "before", "expected"), [(9, 9, "met"), (6, 9, "unsure"), (3, 30, "missed"), (0, 12, "missed")]
)
def test_growth_is_judged_by_its_interval(real_pack: Pack, now: int, before: int, expected: str) -> None:
    """Fewer pieces than before are missed only where chance would hardly make so few."""
    pieces = [piece(f"n{number}", "2020-08-10", "2") for number in range(now)]
    pieces += [piece(f"b{number}", "2020-05-10", "2") for number in range(before)]
    assert statuses(by_id(score(pieces, "2020-Q3", real_pack))["bao-dak-nong"])["press-more"] == expected


def test_places(scored: dict[str, OutletBalance]) -> None:
    """Communes named, and which of the key ones are missing."""
    places = scored["province"].places
    assert dict(places.named) == {"dak-wil": 2, "nam-dong": 1}
    assert places.key_named == ("dak-wil",)
    assert len(places.key_missing) == 6
    assert places.key_share == pytest.approx(1 / 7)


def test_key_places_are_those_of_the_time(real_pack: Pack) -> None:
    """From July 2025 the key communes are the five new ones, and the pack says that its time is over."""
    balance = score([], "2025-Q3", real_pack)[-1]
    assert len(balance.places.key) == 5
    assert not balance.within_validity


def test_gaps(scored: dict[str, OutletBalance]) -> None:
    """What is missing, worst first."""
    assert [gap.code for gap in scored["bao-dak-nong"].gaps] == ["months", "too_few"]
    assert [gap.code for gap in scored["?"].gaps] == ["theme_absent", "too_few", "unknown"]
    radio = scored["truyen-thanh-dak-wil"].gaps
    assert radio[0].code == "theme_absent"
    assert radio[0].themes == ("T1", "T2", "T3", "T7")


def test_any_order(real_pack: Pack, scored: dict[str, OutletBalance]) -> None:
    """The order in which pieces come changes nothing."""
    pieces = a_quarter()
    random.Random(5).shuffle(pieces)
    assert by_id(score(iter(pieces), "2020-Q3", real_pack)) == scored


def test_one_reader_of_names(real_pack: Pack) -> None:
    """Names are found whatever their accents, case and punctuation; two outlets cannot share one."""
    assert real_pack.outlets is not None
    directory = Directory(real_pack.outlets.outlets)
    names = ("BÁO ĐẮK NÔNG", "Báo Đăk Nông", "baodaknong.vn", "bao-dak-nong")
    assert {directory.find(name).id for name in names} == {"bao-dak-nong"}  # type: ignore[union-attr]
    assert directory.find("Đài Truyền thanh xã Đăk Wil").id == "truyen-thanh-dak-wil"  # type: ignore[union-attr]
    assert directory.find("Báo Lâm Đồng") is None
    twice = [OutletEntry(id=id_, name="Báo A", kind="press") for id_ in ("a", "b")]
    with pytest.raises(PackError, match="đã là của a"):
        Directory(twice)


def test_own_list_and_targets(real_pack: Pack, tmp_path: Path) -> None:
    """A list of one's own replaces the pack's; an outlet may have targets of its own."""
    file = tmp_path / "outlets.yaml"
    file.write_text(
        "outlets:\n  - {id: u, name: '=HYPERLINK(\"http://x\")', kind: portal, targets: {T2: 4}}\n", encoding="utf-8"
    )
    balances = by_id(score(a_quarter(), "2020-Q3", real_pack, outlets=load_outlets(file)))
    assert balances["u"].kind == "portal"
    assert {theme.theme: theme.target for theme in balances["u"].themes}["T2"] == pytest.approx(0.4)
    assert not balances["?baodaknong"].known


def test_tables_in(real_pack: Pack, scored: dict[str, OutletBalance]) -> None:
    """Arrow tables and pandas data frames score as the pieces do."""
    table = piece_table(a_quarter(), real_pack)
    assert by_id(score(table, "2020-Q3", real_pack)) == scored
    assert by_id(score(table.to_pandas(), "2020-Q3", real_pack)) == scored
    small = table.select(["id", "in_scope", "outlet", "published", *THEMES])
    assert score(small, "2020-Q3", real_pack)[-1].volume.raw == 10
    with pytest.raises(BalanceError, match="T7"):
        score(table.drop_columns(["T7"]), "2020-Q3", real_pack)


def test_wrong_levels_in_tables(real_pack: Pack) -> None:
    """A level that is none is named with its row and column."""
    frame = piece_table(a_quarter(), real_pack).to_pandas()
    frame.loc[2, "T4"] = "đủ"
    with pytest.raises(BalanceError, match=r"dòng 3, cột T4"):
        score(frame, "2020-Q3", real_pack)


def test_checked_articles(real_pack: Pack) -> None:
    """Results of checks are scored with or without their articles; communes are looked for."""
    text = "Xã Đắk Wil, huyện Cư Jút: công an triệt phá đường dây lừa bán phụ nữ sang Campuchia, bà con gọi ngay 111."
    article = Article(text, "1", outlet="Báo Đắk Nông", published=date(2020, 8, 1), airtime=60.0, masked=((0, 3),))
    result = Checker(model=None).check_article(article)
    made = piece_of(article, result, real_pack)
    assert (made.places, made.words, made.airtime) == (("dak-wil",), len(text.split()) - 1, 60.0)
    for results in ([(article, result)], [result], [made]):
        balance = by_id(score(results, "2020-Q3", real_pack))["bao-dak-nong"]
        assert balance.volume.raw == 1
        assert "dak-wil" in balance.places.named
    with pytest.raises(BalanceError, match="Không chấm được str"):
        score(["a"], "2020", real_pack)


def test_a_pack_that_asks_nothing(real_pack: Pack) -> None:
    """Without targets, quotas, duties, places and outlets there is still a score."""
    about = real_pack.about.model_copy(update={"balance": None, "duties": ()})
    bare = real_pack.model_copy(update={"about": about, "places": None, "outlets": None})
    pieces = [piece(str(number), "2020-08-01", str(number % 7 + 1)) for number in range(70)]
    balance = score(pieces, "2020-Q3", bare, outlets=OutletsFile(outlets=()))[-1]
    assert balance.evenness is not None
    assert balance.evenness.score > 100
    assert (balance.duties, balance.places.key, balance.places.key_share) == ((), (), None)
    assert all(isinstance(made, Piece) for made in pieces)
