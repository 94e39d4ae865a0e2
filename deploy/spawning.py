"""Where a person's server runs on one host: in a systemd unit of its own, as a user that exists only while it runs."""

from hub_settings import IDS
from systemdspawner import SystemdSpawner

PREFIX = "medlabs-"
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
    """systemd's spawner, with a prefix before each name.

    The folder of a dynamic user is named after the person: without the prefix a learner called ``dpkg`` would be
    given the machine's own /var/lib/dpkg.
    """

    def _expand_user_vars(self, string):
        if not IDS.fullmatch(self.user.name):
            raise ValueError(f"{self.user.name!r} is no name for a unit of systemd.")
        return string.format(USERNAME=PREFIX + self.user.name, USERID=self.user.id)
