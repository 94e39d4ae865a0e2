"""Pictures that move: sliders above a figure, and the figure as a still picture where no slider can be moved.

>>> from labutils import explore, plots
>>> def picture(threshold):
...     fig, axis = plots.new_figure()
...     axis.axvline(threshold)
...     return fig, f"A vertical line at {threshold}."
>>> moving = explore.show(picture, threshold=explore.steps(0, 1, by=0.25, start=0.5))
>>> moving["threshold"].value
0.5

The picture is an ordinary output of its cell: it is saved with the notebook, printed, and put on a web page. Where the
notebook has a kernel and the page can show widgets, sliders stand above it and change that same picture.
"""

import inspect
from typing import NamedTuple

from labutils import plots

WIDGET = "application/vnd.jupyter.widget-view+json"


class Steps(NamedTuple):
    """The positions of one slider: its values from left to right, the one it starts at, its name and how a value is written."""

    values: tuple
    start: object
    label: str | None
    form: str


class Sliders(dict):
    """The sliders by name. A notebook does not echo them below the cell: they stand there already."""

    def _ipython_display_(self):
        """Show nothing."""


def steps(low, high, *, by=1, start, label=None, form="{:g}"):
    """Give the positions of a slider from ``low`` to ``high``, both included.

    Parameters
    ----------
    low, high, by : int or float
        Whole numbers give whole numbers.
    start : int or float
        Where it stands first, and in the still picture; one of the positions.
    label : str, optional
        What is written beside the slider; by default the name of the argument.
    form : str, default "{:g}"
        How a value is written.

    Returns
    -------
    Steps

    Raises
    ------
    ValueError
        If ``by`` is not above 0, if there are fewer than two positions, or if ``start`` is none of them.

    Examples
    --------
    >>> steps(0, 1, by=0.1, start=0.3).values[:5]
    (0.0, 0.1, 0.2, 0.3, 0.4)
    """
    if not by > 0 or not low < high:
        raise ValueError(
            f"steps needs low < high and by > 0; got low {low}, high {high}, by {by}. Swap them, or take by=1."
        )
    count = int((high - low) / by + 1e-9) + 1
    return choices([round(low + by * number, 10) for number in range(count)], start=start, label=label, form=form)


def choices(values, *, start, label=None, form="{}"):
    """Give the positions of a slider one by one: numbers on an uneven scale, or words.

    Parameters
    ----------
    values : sequence
        At least two, from left to right.
    start : object
        Where it stands first, and in the still picture; one of the values.
    label : str, optional
        What is written beside the slider; by default the name of the argument.
    form : str, default "{}"
        How a value is written.

    Returns
    -------
    Steps

    Raises
    ------
    ValueError
        If there are fewer than two values, if one comes twice, or if ``start`` is none of them.

    Examples
    --------
    >>> choices(["hidden", "shown"], start="shown").values
    ('hidden', 'shown')
    """
    values = tuple(values)
    if len(values) < 2 or len(set(values)) < len(values):
        raise ValueError(f"A slider needs two or more different values; got {list(values)}.")
    if start not in values:
        raise ValueError(f"start is {start!r}, which is no position of the slider: it has {_shortly(values)}.")
    return Steps(values, values[values.index(start)], label, form)


def show(draw, **sliders):
    """Show a figure with sliders that redraw it. Arrow keys move a slider that has the focus.

    Parameters
    ----------
    draw : callable
        Called with one value for each slider, by name. Returns ``(figure, alt)``: a matplotlib figure, and what a
        person who cannot see it needs to know (20 characters or more), for these very values.
    **sliders : Steps
        What :func:`steps` or :func:`choices` gives, under the names of the arguments of ``draw``.

    Returns
    -------
    dict of str to ipywidgets.SelectionSlider
        Set ``.value`` of one to move it from code.

    Raises
    ------
    ValueError
        If a slider and the arguments of ``draw`` do not fit, or ``draw`` returns something else than a figure and its words.

    Notes
    -----
    Outside a notebook the figure is drawn once and dropped, like :func:`labutils.plots.show`.
    """
    import ipywidgets

    _check(draw, sliders)
    made = Sliders((name, _slider(ipywidgets, name, positions)) for name, positions in sliders.items())

    def markup():
        return _markup(draw, {name: slider.value for name, slider in made.items()})

    picture = _Picture(markup())
    for slider in made.values():
        slider.observe(lambda change: picture.change(markup()), names="value")
    _display(ipywidgets.VBox(list(made.values())), picture)
    return made


class _Picture:
    """A picture in the output of a cell that can be changed later."""

    def __init__(self, markup):
        self.markup, self.handle = markup, None

    def display(self):
        from IPython.display import HTML, display

        self.handle = display(HTML(self.markup), display_id=True)

    def change(self, markup):
        from IPython.display import HTML

        self.markup = markup
        if self.handle is not None:
            self.handle.update(HTML(markup))


def _display(box, picture):
    """Show the sliders and the picture below them. A page that knows no widgets shows a sentence in place of the sliders."""
    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is None:
        return
    names = ", ".join(slider.description for slider in box.children)
    said = f"The picture below moves with a slider ({names}) where the notebook has a kernel."
    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    display({WIDGET: view, "text/plain": said}, raw=True)
    picture.display()


def _slider(ipywidgets, name, positions):
    return ipywidgets.SelectionSlider(
        options=[(positions.form.format(value), value) for value in positions.values],
        value=positions.start,
        description=positions.label or name,
        continuous_update=False,  # a picture a stop, not a queue of pictures behind a moving finger
        style={"description_width": "initial"},
        layout={"width": "95%", "max_width": "600px"},
    )


def _check(draw, sliders):
    wrong = [name for name, positions in sliders.items() if not isinstance(positions, Steps)]
    if wrong or not sliders:
        got = f"{wrong[0]} = {sliders[wrong[0]]!r}" if wrong else "no slider"
        raise ValueError(f"show got {got}. Write NAME=explore.steps(…) or NAME=explore.choices(…), one or more.")
    try:
        inspect.signature(draw).bind(**sliders)
    except TypeError as error:
        asked = ", ".join(inspect.signature(draw).parameters) or "none"
        raise ValueError(
            f"The sliders are {', '.join(sliders)}, and draw takes {asked}: {error}. Name them alike."
        ) from None


def _markup(draw, values):
    drawn = draw(**values)
    if not (isinstance(drawn, tuple) and len(drawn) == 2 and isinstance(drawn[1], str)):
        raise ValueError(
            f"draw returned {type(drawn).__name__}. End it with: return figure, 'what it shows, in words'."
        )
    return plots.figure_html(drawn[0], alt=drawn[1])


def _shortly(values):
    shown = [str(value) for value in values]
    return ", ".join(shown if len(shown) < 8 else [*shown[:3], "…", *shown[-2:]])
