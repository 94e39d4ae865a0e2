"""WHAS500 and GBSG2 as embedded, and PBC in each of its layouts, made small and written to disk."""

import pandas as pd
import pytest

from labutils.datasets import load_gbsg2, load_pbc, load_whas500
from labutils.datasets.pbc import COLUMNS

NAN = float("nan")


def r_table():
    """Three patients as in R's table: one of each status, one outside the trial."""
    rows = [
        [1, 400, 2, 1, 58.77, "f", 1, 1, 1, 1.0, 14.5, 261, 2.6, 156, 1718.0, 137.95, 172, 190, 12.2, 4],
        [2, 4500, 0, 2, 56.45, "f", 0, 1, 1, 0.0, 1.1, 302, 4.14, 54, 7394.8, 113.52, 88, 221, 10.6, 3],
        [3, 1012, 1, NAN, 70.07, "m", NAN, NAN, NAN, 0.5, 1.4, NAN, 3.48, NAN, NAN, NAN, NAN, 151, 12.0, 4],
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def uci_table():
    """The same three as UCI writes them."""
    table = r_table()
    words = {
        "ID": table["id"],
        "N_Days": table["time"],
        "Status": ["D", "C", "CL"],
        "Drug": ["D-penicillamine", "Placebo", "NA"],
        "Age": (table["age"] * 365.25).round(),
        "Sex": ["F", "F", "M"],
        "Ascites": ["Y", "N", "NA"],
        "Hepatomegaly": ["Y", "Y", "NA"],
        "Spiders": ["Y", "Y", "NA"],
        "Edema": ["Y", "N", "S"],
    }
    rest = [
        "Bilirubin",
        "Cholesterol",
        "Albumin",
        "Copper",
        "Alk_Phos",
        "SGOT",
        "Tryglicerides",
        "Platelets",
        "Prothrombin",
        "Stage",
    ]
    return pd.DataFrame(words | {new: table[old] for new, old in zip(rest, COLUMNS[10:], strict=True)})


def write(table, folder, name="pbc.csv", **options):
    table.to_csv(folder / name, index=False, na_rep="NA", **options)
    return folder


def test_whas500_has_the_published_counts_and_readable_names():
    table = load_whas500()
    assert table.shape == (500, 16) and table["died"].sum() == 215
    assert (table["female"].sum(), table["days"].min(), table["days"].max()) == (200, 1, 2358)
    assert not table.isna().any().any()
    assert set(table["shock"]) == {0, 1}
    assert (table.loc[(table["died"] == 1) & (table["days"] <= 2), "length_of_stay"] <= 3).all()  # it holds the future


def test_gbsg2_has_the_published_counts_and_declared_levels():
    table = load_gbsg2()
    assert table.shape == (686, 10) and table["event"].sum() == 299
    assert {name: list(table[name].cat.categories) for name in ("grade", "menopause", "hormones")} == {
        "grade": ["I", "II", "III"],
        "menopause": ["Pre", "Post"],
        "hormones": ["no", "yes"],
    }
    assert table["hormones"].value_counts().to_dict() == {"no": 440, "yes": 246}


@pytest.mark.parametrize("layout", ["R", "course", "UCI"])
def test_three_layouts_give_one_table(tmp_path, layout):
    if layout == "R":
        write(r_table().assign(rownames=[1, 2, 3])[["rownames", *COLUMNS]], tmp_path)
    elif layout == "course":
        write(r_table(), tmp_path)
    else:
        write(uci_table(), tmp_path, "cirrhosis.csv")
    expected = r_table().astype({"time": float})
    pd.testing.assert_frame_equal(load_pbc(tmp_path), expected, atol=0.01, check_dtype=False)


def test_a_file_or_a_byte_order_mark_is_fine(tmp_path):
    write(r_table(), tmp_path, "mine.csv", encoding="utf-8-sig")
    assert load_pbc(tmp_path / "mine.csv")["status"].tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (lambda: r_table().drop(columns="status"), "it lacks status; it has id, time"),
        (lambda: r_table().assign(status=[2, 0, 4]), "status holds 4; 0, 1, 2 are known"),
        (lambda: r_table().assign(trt=[0, 1, 1]), "trt holds 0; 1, 2 are known"),
        (lambda: r_table().assign(id=[1, 1, 2]), "patient 1 is there twice"),
        (lambda: r_table().assign(time=[1, -4, 2]), "a time is missing or below 0"),
        (lambda: r_table().assign(age=r_table()["age"] * 365.25), "is the age in days"),
        (lambda: uci_table().assign(Status=["D", "C", "X"]), "status holds 'X'; C, CL, D are known"),
        (lambda: uci_table().assign(Drug=["Aspirin", "Placebo", None]), "trt holds 'Aspirin'"),
        (lambda: uci_table().drop(columns="Drug"), "it lacks trt"),
    ],
)
def test_strange_tables_are_refused_by_name(tmp_path, table, message):
    with pytest.raises(ValueError, match=message):
        load_pbc(write(table(), tmp_path))


def test_no_table_is_said_in_one_sentence(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no pbc\.csv or cirrhosis\.csv"):
        load_pbc(tmp_path)
