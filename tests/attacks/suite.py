"""All attacks in one list, and what has none yet."""

from attacks import family_a, family_b, family_c, family_d, family_e, family_f, family_g, frames

FAMILIES = {
    "A": "forging the grade",
    "B": "hidden checks and secrets",
    "C": "the notebook file",
    "D": "time, memory, disk, output",
    "E": "the host and the neighbours",
    "F": "what arrives",
    "G": "feedback and screens",
}
MODULES = {
    "A": (family_a, frames),
    "B": (family_b,),
    "C": (family_c,),
    "D": (family_d,),
    "E": (family_e,),
    "F": (family_f,),
    "G": (family_g,),
}
CASES = {family: [case for module in modules for case in module.CASES] for family, modules in MODULES.items()}
# Entries of the list of threats (1 to 99) that ask for a feature which is not built yet.
NOT_YET = {
    36: "probing by resubmission: attempts are counted by a service, and there is none yet",
    42: "an endpoint that gives hidden cases away: there is no service yet",
}


def covered():
    """Give the numbers of the entries that have a case."""
    return {int(case.id.split("-")[0]) for cases in CASES.values() for case in cases}
