"""Loaders of Open-i and CheXpert tables on small made files: every layout gives the same table, every bad file one sentence."""

import io
import tarfile

import numpy as np
import pandas as pd
import pytest

from labutils.datasets import load_chexpert, load_openi, mesh_labels
from labutils.reports_lexicon import CATEGORIES
from labutils.reports_negspacy import MADE, load_negspacy_labels, negspacy_labels

XML = """<?xml version="1.0" encoding="{encoding}"?><eCitation><uId id="CXR{number}"/><MedlineCitation><Article><Abstract>
<AbstractText Label="COMPARISON"/><AbstractText Label="INDICATION">XXXX yr old</AbstractText>
<AbstractText Label="FINDINGS">{findings}</AbstractText><AbstractText Label="IMPRESSION">Sévère.</AbstractText>
</Abstract></Article></MedlineCitation><MeSH>{mesh}<automatic>pneumonia</automatic></MeSH></eCitation>"""
REPORTS = {
    10: ("No effusion.", ["normal"]),
    2: ("Small effusion &amp; a nodule.", ["Pleural Effusion/right/small", "Nodule/lung/base/left"]),
    3: ("", ["Costophrenic Angle/left/blunted", "Density/lung/base/left", "Cardiac Shadow/enlarged/mild"]),
}


def write_xml(folder, encoding="utf-8"):
    folder.mkdir(parents=True, exist_ok=True)
    for number, (findings, mesh) in REPORTS.items():
        major = "".join(f"<major>{code}</major>" for code in mesh)
        text = XML.format(encoding=encoding, number=number, findings=findings, mesh=major)
        (folder / f"{number}.xml").write_bytes(text.encode(encoding))
    (folder / "._2.xml").write_bytes(b"litter of another system")


def test_every_layout_gives_the_same_table(tmp_path):
    write_xml(tmp_path / "xml" / "ecgen-radiology")
    write_xml(tmp_path / "latin" / "deep" / "er", encoding="iso-8859-1")
    with tarfile.open(tmp_path / "NLMCXR_reports.tgz", "w:gz") as tar:
        tar.add(tmp_path / "xml" / "ecgen-radiology", arcname="ecgen-radiology")
    table = load_openi(tmp_path / "xml")
    assert table["report"].tolist() == ["2", "3", "10"]  # by number, not by letter
    assert (
        table["text"].tolist()[0]
        == "INDICATION: XXXX yr old\nFINDINGS: Small effusion & a nodule.\nIMPRESSION: Sévère."
    )
    assert table.loc[1, "findings"] == "" and "FINDINGS" not in table.loc[1, "text"]
    rows = table.rename(columns={"report": "uid", "mesh": "MeSH"}).assign(Problems="x", image="x")
    (tmp_path / "kaggle").mkdir()
    rows.drop(columns="text").to_csv(tmp_path / "kaggle" / "indiana_reports.csv", index=False)
    for place in ("latin", "kaggle", "kaggle/indiana_reports.csv", "NLMCXR_reports.tgz", "."):
        pd.testing.assert_frame_equal(load_openi(tmp_path / place), table)


def test_mesh_codes_become_findings(tmp_path):
    write_xml(tmp_path)
    labels = mesh_labels(load_openi(tmp_path))
    assert list(labels) == list(CATEGORIES[1:])
    present = [set(labels.columns[row == 1]) for row in labels.to_numpy()]
    assert present == [{"Pleural Effusion", "Lung Lesion"}, {"Pleural Effusion", "Lung Opacity", "Cardiomegaly"}, set()]
    with pytest.raises(ValueError, match="no column 'mesh'"):
        mesh_labels(labels)


BAD = {
    "cut off": (XML.format(encoding="utf-8", number=1, findings="x", mesh="")[:200].encode(), r"7\.xml is damaged"),
    "empty": (b"", r"7\.xml is damaged"),
    "wrong encoding": (
        '<?xml version="1.0" encoding="utf-8"?><a>caf\u00e9</a>'.encode("latin-1"),
        r"7\.xml is damaged",
    ),
    "unknown encoding": (b'<?xml version="1.0" encoding="no-such"?><a/>', r"7\.xml is damaged"),
    "entities": (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares entities"),
    "something else": (b"<html><p>Not found</p></html>", "no Open-i report"),
    "the same report again": (XML.format(encoding="utf-8", number=2, findings="x", mesh="").encode(), "report 2 twice"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_xml_is_named_in_one_sentence(tmp_path, name):
    content, said = BAD[name]
    write_xml(tmp_path)
    (tmp_path / "7.xml").write_bytes(content)
    with pytest.raises(ValueError, match=said):
        load_openi(tmp_path)


def test_bad_archives_tables_and_folders_are_told(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no NLMCXR_reports\.tgz"):
        load_openi(tmp_path)
    (tmp_path / "NLMCXR_reports.tgz").write_bytes(b"not an archive")
    with pytest.raises(ValueError, match="no readable archive"):
        load_openi(tmp_path)
    with tarfile.open(tmp_path / "NLMCXR_reports.tgz", "w:gz") as tar:
        member = tarfile.TarInfo("readme.txt")
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))
    with pytest.raises(ValueError, match="holds no report"):
        load_openi(tmp_path)
    (tmp_path / "table.csv").write_text("uid,findings\n1,x\n")
    with pytest.raises(ValueError, match="lacks MeSH, indication, comparison, impression"):
        load_openi(tmp_path / "table.csv")


def chexpert(path, head, rows):
    lines = [",".join([*head, *CATEGORIES])] + [",".join([*row, "1.0", "0.0", "-1.0", *[""] * 11]) for row in rows]
    path.write_text("\n".join(lines) + "\n")


def test_chexpert_tables_of_films_and_of_reports(tmp_path):
    head = ["Path", "Sex", "Age", "Frontal/Lateral", "AP/PA"]
    for split in ("train", "valid"):
        rows = [
            [f"CheXpert-v1.0-small/{split}/patient0000{k}/study1/view1_frontal.jpg", "Female", "68", "Frontal", "AP"]
            for k in (1, 2)
        ]
        chexpert(tmp_path / f"{split}.csv", head, rows)
    films = load_chexpert(tmp_path)
    assert films["split"].tolist() == ["train"] * 2 + ["valid"] * 2 and films["patient"].tolist()[:2] == [
        "patient00001",
        "patient00002",
    ]
    assert films.loc[0, "age"] == 68 and list(films)[-14:] == list(CATEGORIES)
    assert films[list(CATEGORIES[:3])].to_numpy().tolist() == [[1, 0, -1]] * 4 and films["Fracture"].isna().all()
    chexpert(tmp_path / "labeled.csv", ["Reports"], [['"No effusion.\nClear"'], [""]])
    assert load_chexpert(tmp_path / "labeled.csv")["text"].tolist() == ["No effusion.\nClear", ""]
    chexpert(tmp_path / "test.csv", ["Report Impression"], [["x"]])
    (tmp_path / "test.csv").write_text((tmp_path / "test.csv").read_text().replace("Lung Opacity", "Airspace Opacity"))
    assert "Lung Opacity" in load_chexpert(tmp_path / "test.csv")


def test_bad_chexpert_tables_are_told(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no train\.csv or valid\.csv"):
        load_chexpert(tmp_path)
    (tmp_path / "a.csv").write_text("Path,Edema\nx,1\n")
    with pytest.raises(ValueError, match="lacks No Finding"):
        load_chexpert(tmp_path / "a.csv")
    chexpert(tmp_path / "b.csv", ["Path"], [["x"], ["y"]])
    (tmp_path / "b.csv").write_text((tmp_path / "b.csv").read_text().replace("y,1.0", "y,2.0"))
    with pytest.raises(ValueError, match=r"No Finding holds 2.0 in row 2"):
        load_chexpert(tmp_path / "b.csv")
    chexpert(tmp_path / "c.csv", ["Name"], [["x"]])
    with pytest.raises(ValueError, match="neither films"):
        load_chexpert(tmp_path / "c.csv")


def test_the_shipped_labels_of_negspacy_are_what_it_says_today():
    from labutils.datasets import make_reports

    stored = load_negspacy_labels()
    pd.testing.assert_frame_equal(negspacy_labels(make_reports(**MADE).table["text"]), stored)
    assert set(np.unique(stored.to_numpy()[~np.isnan(stored.to_numpy())])) == {0.0, 1.0}
