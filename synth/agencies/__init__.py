"""Agencies, a module or room each: events that reach them become their own tables."""

from darkfigure.synth.agencies.child_health import HealthVisitors
from darkfigure.synth.agencies.deaths import Registrars
from darkfigure.synth.agencies.ed.records import Emergency
from darkfigure.synth.agencies.education.records import Schools
from darkfigure.synth.agencies.family_justice import FamilyCourt
from darkfigure.synth.agencies.framework.agency import Agency
from darkfigure.synth.agencies.gp import Practices
from darkfigure.synth.agencies.hospital import Wards
from darkfigure.synth.agencies.marac import Marac
from darkfigure.synth.agencies.mash import Mash
from darkfigure.synth.agencies.pnc import PoliceNationalComputer
from darkfigure.synth.agencies.pnd import PoliceNationalDatabase
from darkfigure.synth.agencies.police import PoliceForces
from darkfigure.synth.agencies.ppn import PublicProtection
from darkfigure.synth.agencies.social_care.records import ChildrensServices

# By the name under which a scenario lists the agency and holds its specification; an agency may
# act on the records of agencies before it.
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
