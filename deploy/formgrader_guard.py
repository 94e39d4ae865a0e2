"""Takes from formgrader what the grading service or `medlabs cohort` does, with reasons that a person reads.

Its *Autograde* would run a learner's code without a sandbox as the account that owns the grade book; its *Generate
Feedback* shows hidden checks; its *Release* goes around the proof that instructors' answers earn full marks. Dates and
people that it writes would be others than those of the cohort.
"""

from tornado import web

ACTIONS = {
    "AssignHandler": "Releases are made with `medlabs cohort release`, which proves the checks first.",
    "ReleaseHandler": "Weeks are released with `medlabs cohort release`, which proves the checks first.",
    "UnReleaseHandler": "A week is withdrawn in cohort.toml.",
    "CollectHandler": "Submissions come in by themselves: nothing is to be collected.",
    "AutogradeHandler": "Submissions are graded as they come in, in a sandbox; again with `medlabs cohort regrade`.",
    "GenerateFeedbackHandler": "Learners have their feedback already, without hidden checks in it.",
    "GenerateAllFeedbackHandler": "Learners have their feedback already, without hidden checks in it.",
    "ReleaseFeedbackHandler": "Learners have their feedback already, without hidden checks in it.",
    "ReleaseAllFeedbackHandler": "Learners have their feedback already, without hidden checks in it.",
}
EDITS = {
    "AssignmentHandler": "Due dates stand in cohort.toml; `medlabs cohort grade` brings them into the grade book.",
    "StudentHandler": "The roster is renewed with `medlabs cohort create`, for a cohort that is there already too.",
}


def _jupyter_server_extension_points():
    return [{"module": "formgrader_guard"}]


def _load_jupyter_server_extension(app):
    from nbgrader.server_extensions.formgrader import apihandlers

    for name, words in ACTIONS.items():
        getattr(apihandlers, name).post = _refuse(words)
    for name, words in EDITS.items():
        getattr(apihandlers, name).put = _refuse(words)
    app.log.info("formgrader is for marking: %s of its actions are closed", len(ACTIONS) + len(EDITS))


def _refuse(words):
    @web.authenticated
    def refuse(self, *_):
        self.set_status(409)
        self.finish({"success": False, "error": words, "log": words})

    return refuse
