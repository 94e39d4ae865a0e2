"""Settings of the documentation site (Sphinx with MyST-NB). ``website/build.py`` gathers its pages and starts it.

Everything that a page loads is on the site itself, so that it reads and searches without a network.
"""

project = "medlabs"
author = "The medlabs maintainers"
project_copyright = "The medlabs maintainers; text, figures and quizzes: CC BY 4.0, code: Apache-2.0"
extensions = ["myst_nb", "sphinx.ext.mathjax", "sphinx-mathjax-offline"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
language = "en"

# Notebooks: practice runs as a learner would find it, what is graded is only shown. Outputs are kept by the content of the code.
nb_execution_mode = "cache"
nb_execution_excludepatterns = ["**/assignment.ipynb", "**/quiz.ipynb"]
nb_execution_timeout = 600
nb_execution_raise_on_error = False  # it warns, and warnings fail the build: so all faults are heard at once
nb_execution_show_tb = True
nb_execution_in_temp = True
nb_output_stderr = "warn"  # a lesson that warns its reader fails the build
nb_merge_streams = True
# A page has no kernel: the sentence that labutils.explore gives with its sliders takes their place, and no script is loaded.
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
nb_ipywidgets_js = {}

# Examples in docs leave things out ("…"), which no lexer reads; they are shown without colours then.
suppress_warnings = ["misc.highlighting_failure"]

myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
myst_dmath_double_inline = True

html_theme = "pydata_sphinx_theme"
html_title = "medlabs"
html_favicon = "static/icon.svg"
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_context = {"default_mode": "auto"}  # light or dark as the reader's system says
html_static_path = ["static"]
html_css_files = ["medlabs.css"]
html_theme_options = {
    "navbar_align": "left",
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}

# `make site-links` asks every external address.
linkcheck_timeout = 20
linkcheck_retries = 2
linkcheck_workers = 4
linkcheck_ignore = [r"https?://(localhost|127\.0\.0\.1)\b"]
linkcheck_anchors = False


def ask_the_registry(app, uri):
    """Ask doi.org's own registry whether a DOI exists: publishers send scripts away that a person's browser may pass."""
    return uri.replace("https://doi.org/10.", "https://doi.org/api/handles/10.", 1)


def setup(app):
    """Connect what linkcheck asks for."""
    app.connect("linkcheck-process-uri", ask_the_registry)
