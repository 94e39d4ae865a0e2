"""Grade notebooks: read what a learner wrote, rebuild the graded document, run it, say what happened in words."""
