"""One module an agency: what reaches it, turned into that agency's own tables."""

from synth.agencies.agency import Agency
from synth.agencies.child_health import HealthVisitors
from synth.agencies.deaths import Registrars
from synth.agencies.ed import Emergency
from synth.agencies.education import Schools
from synth.agencies.family_justice import FamilyCourt
from synth.agencies.gp import Practices
from synth.agencies.hospital import Wards
from synth.agencies.marac import Marac
from synth.agencies.mash import Mash
from synth.agencies.pnc import PoliceNationalComputer
from synth.agencies.pnd import PoliceNationalDatabase
from synth.agencies.police import PoliceForces
from synth.agencies.ppn import PublicProtection
from synth.agencies.social_care import ChildrensServices

# By the name under which a scenario lists the agency and holds its specification; an agency may
# act on what those before it hold.
AGENCIES: dict[str, Agency] = {
    "police": PoliceForces(),
    "ed": Emergency(),
    "gp": Practices(),
    "hospital": Wards(),
    "child_health": HealthVisitors(),
    "education": Schools(),
    "social_care": ChildrensServices(),
    "family_justice": FamilyCourt(),
    "deaths": Registrars(),
    "ppn": PublicProtection(),
    "pnc": PoliceNationalComputer(),
    "pnd": PoliceNationalDatabase(),
    "marac": Marac(),
    "mash": Mash(),
}
