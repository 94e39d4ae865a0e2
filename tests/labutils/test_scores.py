"""Tables of labels and scores: the layouts that are read, what is refused, and what comes with the course."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from labutils import evaluation, plots_evaluation
from labutils.datasets import FINDINGS, load_biopsy_scores, load_phantom_scores, load_scores
from labutils.datasets.embedded_scores import PHANTOMS

REAL = Path(__file__).parents[2].parent / "shared" / "data"
COURSE = "Unnamed: 0,Image,Mass,Edema,PatientId,Mass_pred,Edema_pred,Hello\n0,a_1.png,1,0,7,0.9,0.1,x\n1,b_1.png,0,1,7,0.2,0.75,x\n2,c_1.png,0,0,8,0.3,0.2,\n"
OFFICIAL = (
    "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position\n"
    "00000001_000.png,Mass|Edema,0,1,57,M,PA\n00000002_000.png,No Finding,0,2,40,F,AP\n00000002_001.png,Edema,1,2,41,F,AP\n"
)
PROBS = "Image Index,prob_Mass,prob_Edema\n00000002_001.png,0.1,0.6\n00000001_000.png,0.8,0.7\n"


@pytest.fixture
def write(tmp_path):
    def file(text, name="table.csv"):
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return file


def test_a_course_table_with_stray_columns(write):
    labels, scores, about, notes = load_scores(write(COURSE))
    assert list(labels) == list(scores) == ["Mass", "Edema"]
    assert labels["Mass"].tolist() == [1, 0, 0] and scores["Edema"].tolist() == [0.1, 0.75, 0.2]
    assert about["patient"].tolist() == [7, 7, 8] and about["image"].iloc[0] == "a_1.png" and notes == ()
    assert list(load_scores(write(COURSE), findings=["Edema"]).labels) == ["Edema"]


def test_scores_beside_the_label_table_of_the_nih(write):
    labels, scores, about, notes = load_scores(
        write(PROBS + "00000009_000.png,0.5,0.5\n"), labels=write(OFFICIAL, "labels.csv"), findings=["Mass"]
    )
    assert labels["Mass"].tolist() == [0, 1] and scores["Mass"].tolist() == [0.1, 0.8]
    assert (
        about["patient"].tolist() == [2, 1]
        and about["sex"].tolist() == ["F", "M"]
        and about["age"].tolist() == [41, 57]
    )
    assert notes == ("1 films without a label were left out, the first is 00000009_000.png.",)


@pytest.mark.parametrize("sep", [",", ";", "\t"])
def test_any_csv_with_one_label_and_one_score(write, sep):
    text = "y,score\n1,0.5\n0,12\n".replace(",", sep)
    labels, scores, about, notes = load_scores(write(text))
    assert labels["y"].tolist() == [1, 0] and scores["y"].tolist() == [0.5, 12]
    assert about["patient"].tolist() == [0, 1] and "each row counts as a patient" in notes[0]
    named = load_scores(write(text), findings={"disease": ("y", "score")}, patient="y")
    assert list(named.labels) == ["disease"] and named.about["patient"].tolist() == [1, 0]


WRONG = {
    "column Mass_pred, row 2: a score must be a finite number, and here stands nothing": (
        COURSE.replace("0.2,0.75", ",0.75"),
        {},
    ),
    "column Mass_pred, row 1: a score must be a finite number, and here stands 'high'": (
        COURSE.replace("0.9", "high"),
        {},
    ),
    "column Edema_pred, row 2: a probability must be from 0 to 1, and here stands 7.5": (
        COURSE.replace("0.75", "7.5"),
        {"probabilities": True},
    ),
    "column Mass, row 1: a label must be 0 or 1, and here stands 3": (COURSE.replace("png,1,0", "png,3,0"), {}),
    "column Mass: all 3 labels are 0": (COURSE.replace("png,1,0", "png,0,0"), {}),
    "holds no label with its score": ("a,b\n1,2\n", {}),
    "give the label table with labels=": (PROBS, {}),
    "has no column 'z'": ("a,b\n1,2\n", {"findings": {"x": ("a", "z")}}),
    "has no label and score of 'Hernia'; it has those of Mass, Edema": (COURSE, {"findings": ["Hernia"]}),
    "patient is missing in row 3": (COURSE.replace("0,0,8", "0,0,"), {}),
    "holds a header but no row": ("y,score\n", {}),
}


@pytest.mark.parametrize("message", WRONG)
def test_bad_tables_get_one_sentence_with_file_column_row_and_value(write, message):
    text, options = WRONG[message]
    with pytest.raises(ValueError, match=message) as caught:
        load_scores(write(text), **options)
    assert "table.csv" in str(caught.value)


def test_bad_partners_and_missing_files(write, tmp_path):
    with pytest.raises(FileNotFoundError, match="no file"):
        load_scores(tmp_path / "none.csv")
    with pytest.raises(ValueError, match="None of the 1 films"):
        load_scores(write("Image Index,prob_Mass\nx.png,0.1\n"), labels=write(OFFICIAL, "labels.csv"))
    with pytest.raises(ValueError, match="no label table of ChestX-ray14"):
        load_scores(write(PROBS), labels=write(COURSE.replace("Mass", "M").replace("Edema", "E"), "labels.csv"))
    with pytest.raises(ValueError, match="twice"):
        load_scores(write(PROBS + "00000001_000.png,0.8,0.7\n"), labels=write(OFFICIAL, "labels.csv"))
    with pytest.raises(ValueError, match="no csv file that can be read"):
        load_scores(write(""))
    assert load_scores(write(COURSE.replace("png,1,0", "png,0,0")), allow_one_class=True).labels["Mass"].sum() == 0


def test_phantom_scores_are_what_they_say():
    labels, scores, about, _ = load_phantom_scores()
    assert list(labels) == list(scores) == list(FINDINGS)
    assert len(labels) == 1716 and about["patient"].nunique() == PHANTOMS["patients"]
    assert {"age", "sex", "view"} <= set(about) and scores.to_numpy().min() >= 0 and scores.to_numpy().max() <= 1


@pytest.mark.slow
def test_phantom_scores_come_out_again_for_the_first_patients():
    from labutils.datasets import make_phantoms
    from labutils.models import load_xray_model, prepare_films

    kept = load_phantom_scores()
    rng = np.random.default_rng(PHANTOMS["seed"])
    films = make_phantoms(8, rng=rng, size=PHANTOMS["film_size"], prevalence_scale=PHANTOMS["prevalence_scale"])
    n = len(films.table)
    assert kept.about["image"][:n].tolist() == films.table["image"].tolist()
    pd.testing.assert_frame_equal(kept.labels[:n], films.table[list(FINDINGS)])
    again = load_xray_model().predict(prepare_films(films.images), verbose=0)
    np.testing.assert_allclose(kept.scores[:n], again, atol=2e-3)


def test_biopsy_scores_rank_well_and_promise_badly():
    labels, scores, about, _ = load_biopsy_scores()
    assert labels.sum().tolist() == [212, 212] and about["patient"].is_unique
    aucs = [evaluation.auc(labels[name], scores[name]) for name in labels]
    assert aucs == pytest.approx([0.77, 0.975], abs=0.01)


@pytest.mark.realdata
def test_real_scores_give_the_published_aucs():
    folder = REAL / "chexnet_predictions"
    if not folder.is_dir():
        pytest.skip(f"THE REAL SAMPLES ARE NOT HERE: {REAL} is missing, so load_scores was tried on made tables only")
    table = REAL / "nih_chestxray14" / "Data_Entry_2017_v2020.full.csv.gz"
    labels, scores, about, notes = load_scores(folder / "preds.csv", labels=table, probabilities=True)
    published = pd.read_csv(folder / "aucs.csv").set_index("label")["auc"]
    assert len(labels) == 22_433 and about["patient"].nunique() == 6187 and notes == ()
    assert sorted(labels) == sorted(published.index) and len(published) == 14
    ours = {finding: evaluation.auc(labels[finding], scores[finding]) for finding in published.index}
    assert ours == pytest.approx(published.to_dict(), abs=1e-12)


def test_drawings_show_what_they_were_given():
    figure = plots_evaluation.two_groups([0, 0, 1], [0.1, 0.2, 0.9], th=0.5, title="t", xlabel="score", bins=4)
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert sum(h for h in heights if h > 0) == 2 and sum(h for h in heights if h < 0) == -1
    figure = plots_evaluation.curves(
        {"a": ([0, 1], [0, 1]), "b": ([0, 1], [1, 0])},
        title="t",
        xlabel="x",
        ylabel="y",
        marks=[(0.5, 0.5, "m")],
        reference={"r": 0.3},
    )
    assert figure.axes[0].lines[0].get_linestyle() != figure.axes[0].lines[1].get_linestyle()
    figure = plots_evaluation.many_intervals([0.1, 0.6], [0.4, 0.9], 0.5, title="t", xlabel="x")
    assert [len(lines.get_segments()) for lines in figure.axes[0].collections] == [0, 2]
    with pytest.raises(ValueError, match="one end per study"):
        plots_evaluation.many_intervals([0.1], [0.4, 0.9], 0.5, title="t", xlabel="x")
