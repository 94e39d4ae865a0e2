"""What a quiz says after grading: the question as the title, and the reason for a right choice too."""

import textwrap

from autograder.grading import messages


def add_words(verdicts, week):
    """Name each question, and give the reason of a right choice (a wrong choice's reason is the check's message).

    Parameters
    ----------
    verdicts : list of autograder.grading.execute.Verdict
    week : autograder.build.Week

    Returns
    -------
    list of autograder.grading.execute.Verdict
    """
    from autograder.build.quiz import read_quiz

    questions = {question.id: question for question in read_quiz(week.source("quiz"), week).questions}
    return [_with_words(verdict, questions.get(verdict.id)) for verdict in verdicts]


def _with_words(verdict, question):
    if question is None:
        return verdict
    stem = textwrap.shorten(" ".join(question.stem.split()), 160, placeholder=" …")
    message = verdict.message
    if verdict.passed:
        message = messages.tidy(f"You chose {question.answer}. {question.why[question.answer]}")
    return verdict._replace(title=f"{verdict.title}: {stem}", message=message)
