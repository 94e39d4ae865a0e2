"""Takes from formgrader what the grading service or `medlabs cohort` does, with reasons that a person reads.

Its *Autograde* would run a learner's code without a sandbox as the account that owns the grade book; its *Generate
Feedback* shows hidden checks; its *Release* goes around the proof that instructors' answers earn full marks.
"""

from tornado import web

INSTEAD = {
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


def _jupyter_server_extension_points():
    return [{"module": "formgrader_guard"}]


def _load_jupyter_server_extension(app):
    from nbgrader.server_extensions.formgrader import apihandlers

    for name, words in INSTEAD.items():
        getattr(apihandlers, name).post = _refuse(words)
    app.log.info("formgrader is for marking: %s of its actions are closed", len(INSTEAD))


def _refuse(words):
    @web.authenticated
    def post(self, *_):
        self.set_status(409)
        self.finish({"success": False, "error": words, "log": words})

    return post
