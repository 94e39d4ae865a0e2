"""Who may come in: the cohort's roster and the staff, whatever way somebody proves who they are."""

from tornado.web import HTTPError
from traitlets.config import import_item

from autograder import cohort

NOT_ON_ROSTER = "You are not on the roster of this course. Ask your instructor, and name the account that you used."


def groups_of(settings, courses, name):
    """List the hub's groups of a person.

    ``formgrade-COURSE`` is what nbgrader and the grading service go by; ``instructors`` may also look after servers.
    """
    groups = [f"formgrade-{course}" for course in courses] if name in settings.staff else ["learners"]
    return [*groups, "instructors"] if name in settings.instructors else groups


def courses_of(known):
    """List the courses of a cohort, in its order."""
    return list(dict.fromkeys(week.split("/")[0] for week in known.plans))


class OnRoster:
    """Put before any authenticator's class: people come in who are on the roster or of the staff, under that id.

    The roster is read at each login, and again while somebody stays (``auth_refresh_age``), so that who is taken off
    it is out without a restart.
    """

    settings = None  # of this hub; set by `authenticator`

    def known(self):
        """Read the cohort."""
        return cohort.read_cohort(self.settings.cohort)

    def normalize_username(self, username):
        """Write an id as the roster writes it; no two ids on it differ in capitals only."""
        folded = username.strip().casefold() if username else ""
        ids = [*self.settings.staff, *self.known().learners]
        return next((name for name in ids if name.casefold() == folded), folded)

    def check_allowed(self, username, authentication=None):
        """Leave it to :meth:`get_authenticated_user`."""
        return True

    async def get_authenticated_user(self, handler, data):
        """Let in who is on the roster or of the staff, and say in which groups they are.

        Here, because what only ``check_allowed`` refuses is let in where some other setting says ``allow_all``.
        """
        model = await super().get_authenticated_user(handler, data)
        if model is None:
            return None
        known = self.known()
        if not self._belongs(model["name"], known):
            raise HTTPError(403, NOT_ON_ROSTER, reason="Not on the roster")
        # The staff's rights are roles, and none of them is over learners' files: nobody is the hub's admin.
        return model | {"groups": groups_of(self.settings, courses_of(known), model["name"]), "admin": False}

    async def refresh_user(self, user, handler=None):
        """Ask again whether somebody is on the roster, and in which groups."""
        known = self.known()
        if not self._belongs(user.name, known):
            return False
        refreshed = await super().refresh_user(user, handler)
        if refreshed is False:
            return False
        model = refreshed if isinstance(refreshed, dict) else {"name": user.name}
        return model | {"groups": groups_of(self.settings, courses_of(known), user.name)}

    def _belongs(self, name, known):
        return name in self.settings.staff or name in known.learners


def authenticator(settings, base=None):
    """Make the authenticator's class of this hub.

    Parameters
    ----------
    settings : hub_settings.Settings
    base : type, optional
        Instead of the one that the settings name.
    """
    if base is None:
        if settings.authenticator == "lti":
            from lti import RosterLTI13Authenticator as base
        elif settings.authenticator == "pam":
            from jupyterhub.auth import PAMAuthenticator as base
        else:
            base = import_item(settings.authenticator)
    return type(f"Roster{base.__name__}", (OnRoster, base), {"settings": settings})
