"""The label model of the phantoms, checked on large tables without pixels."""

import numpy as np
import pandas as pd
import pytest

from labutils.datasets import FINDINGS, draw_labels
from labutils.datasets.findings import CORRELATION, PREVALENCE_AP, PREVALENCE_PA, prevalence

# Counted in Data_Entry_2017_v2020.csv, all views together, in the order of FINDINGS.
PUBLISHED = [0.1031, 0.0248, 0.1188, 0.1774, 0.0516, 0.0565, 0.0128, 0.0473, 0.0416, 0.0205, 0.0224, 0.015, 0.0302]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return draw_labels(16_000, rng=20)


def lift(table: pd.DataFrame, first: str, second: str) -> float:
    """How much more often two findings meet than if they were independent."""
    return (table[first] * table[second]).mean() / (table[first].mean() * table[second].mean())


def test_the_fourteen_names_stand_in_the_order_of_the_nih_table():
    assert len(FINDINGS) == 14
    assert FINDINGS[:3] == ("Atelectasis", "Cardiomegaly", "Effusion")
    assert FINDINGS[12:] == ("Pleural_Thickening", "Hernia")


def test_constants_are_a_law_of_chance():
    assert np.allclose(CORRELATION, CORRELATION.T)
    assert np.linalg.eigvalsh(CORRELATION).min() > 0
    assert np.allclose(0.6 * PREVALENCE_PA[:13] + 0.4 * PREVALENCE_AP[:13], PUBLISHED, atol=3e-4)


def test_table_has_the_promised_columns(table):
    assert list(table.columns) == ["image", "patient", "follow_up", "age", "sex", "view", *FINDINGS]
    assert isinstance(table.index, pd.RangeIndex)
    assert table["image"].is_unique
    assert table.loc[0, "image"] == "p00000_000.png"
    assert set(np.unique(table[list(FINDINGS)])) == {0, 1}
    assert set(table["sex"]) == {"F", "M"}
    assert table["age"].between(18, 95).all()


@pytest.mark.parametrize(("view", "expected"), [("PA", PREVALENCE_PA), ("AP", PREVALENCE_AP)])
def test_prevalences_follow_the_law_within_each_view(table, view, expected):
    films = table[table["view"] == view]
    got = films[list(FINDINGS)].mean().to_numpy()
    # Films of a patient are alike, so a film counts for less than one: three binomial errors, widened by two.
    error = 2 * np.sqrt(expected * (1 - expected) / len(films))
    assert (np.abs(got - expected) < 3 * error).all(), dict(zip(FINDINGS, got - expected, strict=True))


def test_two_of_five_films_are_ap_and_views_return(table):
    assert abs((table["view"] == "AP").mean() - 0.40) < 0.02
    following = table["patient"].eq(table["patient"].shift())
    again = table["view"].eq(table["view"].shift())[following].mean()
    assert again > 0.65  # .52 if the views of a patient were drawn anew


@pytest.mark.parametrize(
    ("first", "second", "published"),
    [
        ("Edema", "Pneumonia", 11.6),
        ("Emphysema", "Pneumothorax", 6.3),
        ("Fibrosis", "Pleural_Thickening", 3.5),
        ("Cardiomegaly", "Effusion", 3.2),
        ("Mass", "Nodule", 2.8),
        ("Atelectasis", "Effusion", 2.4),
        ("Effusion", "Consolidation", 2.3),
    ],
)
def test_findings_meet_as_often_as_published(table, first, second, published):
    assert published / 1.7 < lift(table, first, second) < published * 1.7


def test_a_pneumothorax_and_cardiomegaly_avoid_each_other(table):
    assert lift(table, "Pneumothorax", "Cardiomegaly") < 0.7


@pytest.mark.parametrize(
    ("finding", "low", "high"),
    [
        ("Edema", 7, 17),
        ("Consolidation", 2.4, 4.0),
        ("Infiltration", 1.5, 1.9),
        ("Nodule", 0.65, 0.95),
        ("Fibrosis", 0.15, 0.5),
    ],
)
def test_the_view_confounds(table, finding, low, high):
    by_view = table.groupby("view")[finding].mean()
    assert low < by_view["AP"] / by_view["PA"] < high


def test_more_than_half_of_the_films_show_nothing(table):
    count = table[list(FINDINGS)].sum(axis=1)
    shares = count.value_counts(normalize=True)
    for labels, published in ((0, 60361), (1, 30963), (2, 14306), (3, 4856)):
        assert abs(shares[labels] - published / 112_120) < 0.025


def test_patients_have_one_to_twelve_films_and_mostly_one(table):
    films = table.groupby("patient").size()
    assert films.median() == 1
    assert 2.0 < films.mean() < 3.0
    assert films.max() <= 12
    assert (films >= 5).mean() > 0.08
    assert (table.groupby("patient")["follow_up"].max() + 1 == films).all()
    assert (table.groupby("patient")[["age", "sex"]].nunique() == 1).all().all()


def test_a_finding_comes_back_on_the_next_film(table):
    following = table["patient"].eq(table["patient"].shift())
    for finding in ("Pneumothorax", "Emphysema", "Mass", "Effusion"):
        before = table[finding].shift()
        chance = table.loc[following & (before == 1), finding].mean()
        assert chance > 3 * table[finding].mean(), finding


def test_hernia_is_a_finding_of_the_old():
    table = draw_labels(16_000, rng=3, prevalence_scale=3)
    assert table.loc[table["Hernia"] == 1, "age"].mean() > table["age"].mean() + 6


def test_scaling_multiplies_prevalences_up_to_one_half():
    assert np.allclose(prevalence("PA", 2), 2 * PREVALENCE_PA)
    assert prevalence("AP", 3)[FINDINGS.index("Infiltration")] == 0.5
    table = draw_labels(4000, rng=0, prevalence_scale=2.5)
    assert abs(table["Effusion"].mean() - 2.5 * 0.1188) < 0.03
    assert (table[list(FINDINGS)].sum(axis=1) == 0).mean() > 0.1


def test_same_seed_same_table_and_a_patient_stays_when_more_are_drawn():
    few, many = draw_labels(30, rng=5), draw_labels(90, rng=5)
    pd.testing.assert_frame_equal(few, draw_labels(30, rng=5))
    pd.testing.assert_frame_equal(few, many.iloc[: len(few)])
    assert not few.equals(draw_labels(30, rng=6))


def test_a_generator_is_a_seed_too_and_moves_on():
    one, two = np.random.default_rng(1), np.random.default_rng(1)
    first = draw_labels(20, rng=one)
    pd.testing.assert_frame_equal(first, draw_labels(40, rng=two).iloc[: len(first)])
    assert not first.equals(draw_labels(20, rng=one))


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"n_patients": 0, "rng": 0}, ValueError, "n_patients must be a whole number of at least 1, got 0"),
        ({"n_patients": 2.5, "rng": 0}, ValueError, "n_patients"),
        ({"n_patients": True, "rng": 0}, ValueError, "n_patients"),
        ({"n_patients": 3, "rng": None}, TypeError, "rng must be"),
        ({"n_patients": 3, "rng": -1}, TypeError, "rng must be"),
        ({"n_patients": 3, "rng": "seed"}, TypeError, "default_rng"),
        ({"n_patients": 3, "rng": 0, "prevalence_scale": 0}, ValueError, "prevalence_scale must be a positive number"),
        ({"n_patients": 3, "rng": 0, "prevalence_scale": float("nan")}, ValueError, "prevalence_scale"),
        ({"n_patients": 3, "rng": 0, "prevalence_scale": "2"}, ValueError, "prevalence_scale"),
    ],
)
def test_bad_arguments_get_one_clear_sentence(arguments, error, says):
    with pytest.raises(error, match=says) as caught:
        draw_labels(**arguments)
    assert "\n" not in str(caught.value)


def test_an_unknown_view_is_named():
    with pytest.raises(ValueError, match='view must be "PA" or "AP", got \'LL\''):
        prevalence("LL")
