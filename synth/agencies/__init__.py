"""One module an agency: what reaches it, turned into that agency's own tables."""

from synth.agencies.agency import Agency
from synth.agencies.ed import Emergency
from synth.agencies.education import Schools
from synth.agencies.gp import Practices
from synth.agencies.police import PoliceForces

# By the name under which a scenario lists the agency and holds its specification.
AGENCIES: dict[str, Agency] = {
    "police": PoliceForces(),
    "ed": Emergency(),
    "gp": Practices(),
    "education": Schools(),
}
