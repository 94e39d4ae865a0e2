"""Hand a notebook in to the grading service of a cohort, and wait for what comes of it."""

import asyncio
from types import SimpleNamespace

WAITING = ("queued", "running")
EVERY_SECONDS = 0.5


def hand_in(service, notebook, week, name, console):
    """Send a notebook, show how far it is, and give its record.

    Parameters
    ----------
    service : autograder.lab.remote.Service
    notebook : pathlib.Path
    week : autograder.build.Week
    name : str
    console : rich.console.Console

    Returns
    -------
    (dict, str)
        The record (see :mod:`autograder.grading.records`), and when it was received.

    Raises
    ------
    ValueError
        In one sentence, if the service cannot be reached or does not take it.
    """
    return asyncio.run(_hand_in(service, notebook, week, name, console))


async def _hand_in(service, notebook, week, name, console):
    from autograder.lab.remote import RemoteDesk

    desk = RemoteDesk(service)
    job = await desk.submit(SimpleNamespace(place=SimpleNamespace(path=notebook), week=week))
    console.print(f"{service.host} received it at {job['received']}, receipt {job['receipt']}.", highlight=False)
    if job["late"]:
        console.print(f"It is {job['late']}.", highlight=False)
    with console.status("Waiting ...") as status:
        while job["state"] in WAITING:
            await asyncio.sleep(EVERY_SECONDS)
            job = await desk.look(job["id"])
            if job["state"] in WAITING:
                status.update(_how_far(job))
    record = {key: job[key] for key in ("state", "score", "max_score", "message", "notes", "exercises")}
    return record | {"path": str(notebook), "notebook": name}, f"{job['received']}"


def _how_far(job):
    if job["state"] == "queued":
        ahead = job["position"]
        return f"Waiting: {ahead} before yours ..." if ahead else "Waiting: yours is next ..."
    done, total = job["progress"]["done"], job["progress"]["total"]
    return f"Grading: {done:g} of {total:g} exercises ..." if total else "Grading ..."
