"""A real SLURM of one node on loopback: its controller, its daemon and its commands, with everything in one folder."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import running_hub

NEEDED = "These tests need SLURM: install Debian's package slurm-wlm."
CONF = """
ClusterName=tests
SlurmctldHost={name}(127.0.0.1)
SlurmctldPort={first}
SlurmdPort={second}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/none
CredType=cred/none
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
SlurmdParameters=config_overrides
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SchedulerParameters=sched_min_interval=100000
KillWait=2
NodeName={name} NodeAddr=127.0.0.1 CPUs=8 RealMemory=64000 State=UNKNOWN
PartitionName=teach Nodes={name} Default=YES MaxTime=INFINITE State=UP
"""


class Slurm:
    """SLURM in a folder; ``environment`` is what its commands need."""

    def __init__(self, folder):
        programs = {
            name: shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") for name in ("slurmctld", "slurmd")
        }
        if not all(programs.values()):
            raise RuntimeError(NEEDED)
        self.folder, self.programs, self.processes = Path(folder), programs, []
        first = running_hub.free_ports(2)
        self.name = socket.gethostname().split(".")[0]
        for name in ("state", "spool"):
            (self.folder / name).mkdir(parents=True)
        user = "root" if os.geteuid() == 0 else os.environ["USER"]
        values = {"name": self.name, "first": first, "second": first + 1, "folder": self.folder, "user": user}
        (self.folder / "slurm.conf").write_text(CONF.format(**values))
        self.environment = os.environ | {"SLURM_CONF": str(self.folder / "slurm.conf")}

    def __enter__(self):
        for name in ("slurmctld", "slurmd"):
            with (self.folder / f"{name}.out").open("ab") as log:
                line = [self.programs[name], "-D", *(["-N", self.name] if name == "slurmd" else [])]
                self.processes.append(subprocess.Popen(line, env=self.environment, stdout=log, stderr=log))
        deadline = time.monotonic() + 60
        while "idle" not in self.ask("sinfo", "--noheader", "--format=%t"):
            if time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError("\n".join(p.read_text()[-3000:] for p in self.folder.glob("*.log")))
            time.sleep(0.2)
        return self

    def __exit__(self, *_):
        self.ask("scancel", "--user", str(os.geteuid()), "--full")
        time.sleep(1)
        for process in reversed(self.processes):
            process.terminate()
            process.wait(30)

    def ask(self, *words):
        """Run one of its commands; give what it said."""
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, check=False, timeout=30)
        return done.stdout
