"""Maps against lesions, model cards, and the figures of the week: no network is needed here."""

import numpy as np
import pandas as pd
import pytest

from labutils import plots_interpretation
from labutils.interpretation_lesions import localisation_table, mean_interval, overlaps, pointing_hits
from labutils.model_card import markdown_table, measured_table, model_card, with_interval

HEAT = np.array([[0.0, 0.2, 1.0], [0.6, 0.5, 0.0], [0.0, 0.0, 0.4]])


def mask(*places, shape=(3, 3)):
    made = np.zeros(shape, dtype=bool)
    for place in places:
        made[place] = True
    return made


# lesion, hit, overlap at 0.5 (hot: three places)
CASES = {
    "on the spot": (mask((0, 2)), True, 1 / 3),
    "beside it": (mask((0, 1)), False, 0.0),
    "all that is hot": (mask((0, 2), (1, 0), (1, 1)), True, 1.0),
    "two of three, and one more": (mask((1, 0), (1, 1), (2, 2)), False, 0.5),
    "upside down": (np.flipud(mask((0, 2))), False, 0.0),
    "everywhere": (np.ones((3, 3), bool), True, 3 / 9),
    "no lesion": (np.zeros((3, 3), bool), False, 0.0),
}


@pytest.mark.parametrize("case", CASES)
def test_hits_and_overlap_by_hand(case):
    lesion, hit, overlap = CASES[case]
    assert pointing_hits(HEAT[None], lesion[None]).tolist() == [hit]
    assert overlaps(HEAT[None], lesion[None]).tolist() == pytest.approx([overlap])
    fine = np.kron(lesion, np.ones((4, 4), bool))
    assert pointing_hits(HEAT[None], fine[None]).tolist() == [hit]
    assert overlaps(HEAT[None], fine[None]).tolist() == pytest.approx([overlap])


def test_a_part_of_a_place_is_hit_and_counts_with_its_share():
    fine = np.zeros((1, 6, 6), bool)
    fine[0, 0, 5] = True  # a quarter of the place at the top right
    assert pointing_hits(HEAT[None], fine).tolist() == [True]
    assert overlaps(HEAT[None], fine).tolist() == pytest.approx([0.25 / 3])


def test_a_blank_map_points_nowhere():
    blank, everywhere = np.zeros((1, 3, 3)), np.ones((1, 3, 3), bool)
    assert pointing_hits(blank, everywhere).tolist() == [False]
    assert overlaps(blank, everywhere).tolist() == [0.0]
    assert np.isnan(overlaps(blank, ~everywhere)).all()


def test_means_come_with_intervals_of_patients():
    values = np.repeat([0.0, 1.0], 50)
    alone = mean_interval(values, rng=0)
    assert alone.mean == 0.5 and alone.high - alone.low == pytest.approx(2 * 1.96 * 0.05, rel=0.15)
    of_ten = mean_interval(values, np.repeat(np.arange(10), 10), rng=0)
    assert of_ten.high - of_ten.low > 2.5 * (alone.high - alone.low)
    assert np.isnan(mean_interval([])).all()


def test_the_table_of_two_findings():
    heats = np.stack([HEAT] * 5)
    masks = np.stack([mask((0, 2)), mask((2, 0)), mask((0, 2)), mask((0, 2), (0, 1)), mask((2, 1))])
    table = localisation_table(heats, masks, ["Mass", "Mass", "Edema", "Edema", "Edema"], [1, 2, 3, 3, 4])
    assert list(table.index) == ["Mass", "Edema"]
    assert (
        table["films"].tolist() == [2, 3] and table["patients"].tolist() == [2, 2] and table["hits"].tolist() == [1, 2]
    )
    assert table.loc["Mass", "chance"] == pytest.approx(1 / 9) and table.loc["Edema", "chance"] == pytest.approx(4 / 27)
    for name in ("hit", "overlap"):
        assert (table[f"{name}_low"] <= table[name]).all() and (table[name] <= table[f"{name}_high"]).all()
    assert table.loc["Mass", ["hit_low", "hit_high"]].tolist() == pytest.approx([0.0945, 0.9055], abs=1e-3)  # Wilson


WRONG = {
    r"one mask per map; got \(1, 3, 3\) and \(2, 3, 3\)": lambda: pointing_hits(HEAT[None], np.zeros((2, 3, 3))),
    "shape .n, height, width.": lambda: overlaps(HEAT, mask((0, 0))),
    "whole number of times as fine": lambda: overlaps(HEAT[None], np.zeros((1, 4, 4))),
    "threshold is a share": lambda: overlaps(HEAT[None], mask((0, 0))[None], threshold=0),
    "one value and one patient": lambda: mean_interval([1.0, 2.0], [1]),
    "a value is missing": lambda: mean_interval([1.0, np.nan]),
    "one finding and one patient per map": lambda: localisation_table(HEAT[None], mask((0, 0))[None], [], []),
}


@pytest.mark.parametrize("message", WRONG)
def test_bad_input_gets_one_clear_sentence(message):
    with pytest.raises(ValueError, match=message):
        WRONG[message]()


FRAME = pd.DataFrame(
    {"films": [120, 3], "auc": [0.8123, np.nan], "auc_low": [0.75, np.nan], "auc_high": [0.861, np.nan]},
    index=pd.MultiIndex.from_tuples([("everybody", "everybody"), ("sex", "F")]),
)
PARTS = dict.fromkeys(("What it is", "What it is for", "What it is not for", "Data", "Limits"), "Words.")


def test_a_card_holds_its_parts_and_tables_in_order():
    table = measured_table(FRAME, {"auc": "AUC (95 % interval)"}, ["films"], "group")
    assert table.splitlines() == [
        "| group | films | AUC (95 % interval) |",
        "| --- | --- | --- |",
        "| everybody | 120 | 0.81 (0.75 to 0.86) |",
        "| sex: F | 3 | too few |",
    ]
    card = model_card("a net", PARTS, {"By group": table}, note="Written by a notebook.")
    places = [
        card.index(part) for part in ("## Model card: a net", "Written", "What it is.", "### By group", "### Limits")
    ]
    assert places == sorted(places) and card.endswith("Words.\n")
    assert with_interval(1, 0.5, 1, digits=1) == "1.0 (0.5 to 1.0)" and "a/b" in markdown_table(["x"], [["a|b"]])


CARD_ERRORS = {
    "lacks auc_high": lambda: measured_table(FRAME.drop(columns="auc_high"), {"auc": "AUC"}, ["films"], "group"),
    "at least one column of counts": lambda: measured_table(FRAME, {"auc": "AUC"}, [], "group"),
    "the card has no 'Limits'": lambda: model_card("x", PARTS | {"Limits": " "}, {"t": "| |"}),
    "the card has no table": lambda: model_card("x", PARTS, {}),
}


@pytest.mark.parametrize("message", CARD_ERRORS)
def test_a_card_with_a_hole_is_refused(message):
    with pytest.raises(ValueError, match=message):
        CARD_ERRORS[message]()


def explanation(n=30):
    import shap

    rng = np.random.default_rng(0)
    data = rng.normal(size=(n, 3))
    return shap.Explanation(
        values=data * [0.3, -0.2, 0.01], base_values=np.full(n, 0.2), data=data, feature_names=["age", "bp", "sex"]
    )


FIGURES = {
    "contributions": lambda: plots_interpretation.contributions(
        ["age", "bp"], [0.2, -0.3], 0.1, title="From 0.1 to 0", xlabel="risk"
    ),
    "cascade": lambda: plots_interpretation.cascade(
        pd.DataFrame({"layers": [1, 9], "similarity": [0.5, 0.1], "low": [0.4, 0.0], "high": [0.6, 0.2]}),
        title="It falls",
    ),
    "map_grid": lambda: plots_interpretation.map_grid(np.ones((8, 8)), [HEAT, -HEAT], ["1", "2"], columns=2),
    "map_grid signed": lambda: plots_interpretation.map_grid(np.ones((8, 8)), [HEAT, -HEAT], ["1", "2"], signed=True),
    "scatter_pairs": lambda: plots_interpretation.scatter_pairs(
        [1, 2, 3], [1, 2, 1], title="t", xlabel="x", ylabel="y", highlight=[False, True, False], label=("a", "b")
    ),
    "shap_summary": lambda: plots_interpretation.shap_summary(explanation(), title="Age leads", xlabel="risk"),
    "shap_dependence": lambda: plots_interpretation.shap_dependence(
        explanation(), "age", colour="bp", title="It rises", xlabel="age", ylabel="SHAP"
    ),
    "shap_waterfall": lambda: plots_interpretation.shap_waterfall(explanation()[2], title="One patient"),
    "shap_force": lambda: plots_interpretation.shap_force(explanation()[2], title="One patient"),
}


# shap's own colours are made in a way that a newer matplotlib will no longer take
SHAP = pytest.mark.filterwarnings("ignore:The set_(bad|over|under) function:PendingDeprecationWarning")


@SHAP
@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_can_be_drawn_and_shown(name, tmp_path):
    from labutils import plots

    figure = FIGURES[name]()
    figure.savefig(tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 2000
    plots.show(figure, alt="A figure that says something of the model.")


@SHAP
def test_figures_refuse_what_does_not_fit():
    with pytest.raises(ValueError, match="one value a name"):
        plots_interpretation.contributions(["a"], [0.1, 0.2], 0, title="t", xlabel="x")
    with pytest.raises(ValueError, match="no feature 'weight'"):
        plots_interpretation.shap_dependence(explanation(), "weight", title="t", xlabel="x", ylabel="y")
