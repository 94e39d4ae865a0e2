"""Where a person's server runs on one host: in a systemd unit of its own, as a user that exists only while it runs."""

import string

from escapism import escape
from systemdspawner import SystemdSpawner

PREFIX = "medlabs-"
SAFE = frozenset(string.ascii_lowercase + string.digits + "-.")
# What a unit may not do. Home folders of the machine's people, other people's processes, devices and the kernel's
# knobs are out of reach; what is written goes to the person's own folder, /tmp of their own, and nowhere else.
PROPERTIES = {
    "ProtectHome": "yes",
    "ProtectProc": "invisible",
    "ProtectControlGroups": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "StateDirectoryMode": "0700",
    "UMask": "0077",
    "TasksMax": "512",
    "OOMPolicy": "continue",  # a kernel that wants too much dies; the server beside it stays
}


class LearnerSpawner(SystemdSpawner):
    """systemd's spawner, with names of its own for units and folders.

    The folder of a dynamic user is named after the person: without the prefix a learner called ``dpkg`` would be
    given the machine's own /var/lib/dpkg. An @ or a capital, which a roster may have, is written as _40 and the like.
    """

    def _expand_user_vars(self, template):
        safe = escape(self.user.name, safe=SAFE, escape_char="_")
        return template.format(USERNAME=PREFIX + safe, USERID=self.user.id)
