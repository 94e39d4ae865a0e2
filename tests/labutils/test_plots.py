"""Do figures carry their alt text, and do colours survive grey?"""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from labutils import plots

FILM = np.tile(np.arange(64, dtype=np.uint8), (64, 1))
MASK = np.zeros((64, 64), dtype=bool)
MASK[10:30, 20:40] = True


def shown(fig, alt, monkeypatch):
    markup = []
    monkeypatch.setattr(plots, "_display_html", markup.append)
    plots.show(fig, alt=alt)
    return markup[0]


def test_alt_text_is_there_and_escaped(monkeypatch):
    figure, _ = plots.new_figure()
    markup = shown(figure, 'AUC "rises" <steadily> with the number of films', monkeypatch)
    assert 'alt="AUC &quot;rises&quot; &lt;steadily&gt; with the number of films"' in markup
    assert 'src="data:image/png;base64,iVBOR' in markup


def test_a_figure_without_words_is_refused():
    with pytest.raises(ValueError, match=r"alt says 'a plot'.*20 characters"):
        plots.show(Figure(), alt="a plot")


def test_outside_a_notebook_nothing_is_displayed(capsys):
    figure, _ = plots.new_figure()
    plots.show(figure, alt="twenty characters or more of alt text")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.film_grid([FILM] * 5, list("abcde"), columns=3, masks=[MASK, None, None, None, MASK]),
        lambda: plots.film_grid([FILM[..., None].astype(float)]),
        lambda: plots.bar_with_interval(
            ["a_b", "c"], [0.6, np.nan], [0.5, np.nan], [0.7, np.nan], title="t", xlabel="AUC"
        ),
        lambda: plots.roc_with_interval({"Mass": ([0, 0.2, 1], [0, 0.7, 1], (0.7, 0.6, 0.8))}, title="t"),
        lambda: plots.heat_overlay([FILM, FILM], [np.eye(8), np.zeros((8, 8))], ["a", "b"], masks=[MASK, None]),
    ],
    ids=["grid", "one film", "bars", "roc", "heat"],
)
def test_every_drawing_can_be_shown(draw, monkeypatch):
    assert len(shown(draw(), "twenty characters or more of alt text", monkeypatch)) > 1000


def test_an_empty_grid_says_so():
    with pytest.raises(ValueError, match="got no films"):
        plots.film_grid([])


def test_the_interval_is_in_the_legend_and_on_the_bar():
    figure = plots.roc_with_interval({"Mass": ([0, 1], [0, 1], (0.713, 0.6, 0.8))}, title="t")
    assert "Mass: 0.71 (0.60 to 0.80)" in [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    bars = plots.bar_with_interval(["a"], [0.6], [0.5], [0.8], title="t", xlabel="AUC")
    (segments,) = bars.axes[0].collections[0].get_segments()
    assert segments[:, 0] == pytest.approx([0.5, 0.8])


def test_neighbouring_colours_differ_in_lightness():
    def lightness(colour):
        return float(np.dot(to_rgb(colour), [0.2126, 0.7152, 0.0722]))

    for one, other in itertools.pairwise(plots.CYCLE):
        assert abs(lightness(one) - lightness(other)) > 0.08
