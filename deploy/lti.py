"""Sign-in from Canvas, Moodle and other learning management systems by LTI 1.3; see docs/lti.md."""

import os
from urllib.parse import urlsplit

from ltiauthenticator.lti13.auth import LTI13Authenticator
from ltiauthenticator.lti13.constants import LTI13_CUSTOM_CLAIM
from tornado.web import HTTPError

# Canvas as a service has the same addresses for everybody; a Moodle has its own.
PLATFORMS = {
    "canvas": {
        "ISSUER": "https://canvas.instructure.com",
        "AUTHORIZE_URL": "https://sso.canvaslms.com/api/lti/authorize_redirect",
        "JWKS_URL": "https://sso.canvaslms.com/api/lti/security/jwks",
    },
}
MOODLE = {"ISSUER": "", "AUTHORIZE_URL": "/mod/lti/auth.php", "JWKS_URL": "/mod/lti/certs.php"}
CLAIM = "custom_roster_id"


class RosterLTI13Authenticator(LTI13Authenticator):
    """Takes a person's id from one claim of the launch, and from no other.

    What it is based on would take another claim where the wanted one is missing; then somebody could come in under a
    number that is not theirs on the roster.
    """

    def get_username(self, token):
        """Give the id that the learning management system says this person has on the roster."""
        name, claims = self.username_key, token
        if name.startswith("custom_"):
            name, claims = name.removeprefix("custom_"), token.get(LTI13_CUSTOM_CLAIM) or {}
        value = claims.get(name) if isinstance(claims, dict) else None
        # A variable that the system does not know comes back as it was written: $User.username.
        if not isinstance(value, str) or not value.strip() or value.startswith("$"):
            raise HTTPError(
                403,
                f"Your learning management system did not say who you are (it sent no {self.username_key}). Tell your "
                "instructor: the tool's custom fields are described in docs/lti.md.",
            )
        if self.username_key == "email":
            return self.id_of_address(value)
        return value

    def id_of_address(self, address):
        """Find who on the roster has an address."""
        wanted = address.strip().lower()
        found = [person.id for person in self.known().learners.values() if person.email.strip().lower() == wanted]
        if len(found) == 1:
            return found[0]
        if wanted.split("@")[0] in self.settings.staff and not found:
            raise HTTPError(403, "Staff are found by id, not by address: use a custom field (docs/lti.md).")
        raise HTTPError(403, "Your address is not on the roster of this course, or it is there twice.")


def read(environment=None):
    """Read what is known of the learning management system.

    Parameters
    ----------
    environment : mapping, optional
        ``os.environ`` when left out.

    Returns
    -------
    dict
        Settings of the authenticator: ``issuer``, ``client_id`` and so on.

    Raises
    ------
    ValueError
        One sentence that names the variable and what to write there.
    """
    environment = os.environ if environment is None else environment
    told = {name.removeprefix("MEDLABS_LTI_"): value.strip() for name, value in environment.items() if value}
    told = _defaults(told) | told
    for name in ("CLIENT_ID", "ISSUER", "AUTHORIZE_URL", "JWKS_URL"):
        if not told.get(name):
            raise ValueError(
                f"MEDLABS_LTI_{name} is not set: docs/lti.md says where Canvas and Moodle show it. (With "
                "MEDLABS_LTI_PLATFORM=canvas, or =https://your.moodle, only MEDLABS_LTI_CLIENT_ID is left to give.)"
            )
    for name in ("ISSUER", "AUTHORIZE_URL", "JWKS_URL"):
        _check_address(name, told[name])
    return {
        "client_id": {word for word in told["CLIENT_ID"].replace(",", " ").split() if word},
        "issuer": told["ISSUER"],
        "authorize_url": told["AUTHORIZE_URL"],
        "jwks_endpoint": told["JWKS_URL"],
        "username_key": told.get("USERNAME", CLAIM),
        "jwks_algorithms": ["RS256"],
        "uri_scheme": "auto",
        "tool_name": "medlabs",
        "tool_description": "Notebook labs that teach AI for medicine",
    }


def _defaults(told):
    platform = told.get("PLATFORM", "")
    if not platform:
        return {}
    if platform.lower() in PLATFORMS:
        return PLATFORMS[platform.lower()]
    if "://" not in platform:
        raise ValueError(f"MEDLABS_LTI_PLATFORM is {platform!r}: write canvas, or the address of your Moodle.")
    return {name: platform.rstrip("/") + path for name, path in MOODLE.items()}


def _check_address(name, text):
    """Refuse an address whose answers somebody on the way could change: keys and logins come from it."""
    parts = urlsplit(text)
    here = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or parts.scheme not in ("http", "https") or (parts.scheme == "http" and not here):
        raise ValueError(f"MEDLABS_LTI_{name} is {text!r}: give an https:// address.")
    if parts.fragment:
        raise ValueError(f"MEDLABS_LTI_{name} is {text!r}: give it without what follows #.")
