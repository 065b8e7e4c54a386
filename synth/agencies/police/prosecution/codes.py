"""Code lists of custody records, charges, hearings and protective orders."""

from __future__ import annotations

RELEASE = {
    "charged": "charged",
    "cautioned": "cautioned",
    "resolution": "community resolution",
    "nfa": "released, no further action",
    "bail": "released on bail before charge",
    "rui": "released under investigation",
}
CONDITIONS = {
    "none": "no conditions",
    "no_contact": "not to contact the victim",
    "no_contact_address": "not to contact the victim, nor to go to the address",
    "area": "to keep out of an area",
    "residence": "to live and sleep at an address",
}
CHARGED_HOW = {
    "custody": "charged in detention",
    "bail": "charged on return from bail",
    "requisition": "written charge and requisition by post",
}
DECIDED_BY = {"police": "police", "cps": "Crown Prosecution Service"}
AFTER_CHARGE = {
    "unconditional": "bailed to court without conditions",
    "conditional": "bailed to court with conditions",
    "remanded": "kept in custody for the court",
}
RESULT = {
    "guilty_plea": "pleaded guilty",
    "found_guilty": "found guilty",
    "not_guilty": "found not guilty",
    "withdrawn": "withdrawn or discontinued",
}
SENTENCE = {
    "discharge": "discharged, absolutely or conditionally",
    "fine": "fine",
    "community": "community order",
    "suspended": "suspended sentence",
    "custody": "immediate custody",
    "youth_order": "referral or youth rehabilitation order",
    "other": "compensation, hospital order or other",
}
COURT_LEVEL = {
    "magistrates": "magistrates' court",
    "youth": "youth court",
    "crown": "Crown Court",
}
HEARING = {
    "first": "first hearing",
    "preparation": "plea and trial preparation hearing",
    "trial": "trial",
    "sentence": "sentence",
}
HEARD = {
    "ended": "case ended",
    "adjourned": "adjourned, for trial or for sentence",
    "sent": "sent to the Crown Court",
    "effective": "trial took place",
    "cracked": "trial not needed: guilty plea, or case withdrawn",
    "ineffective": "trial put off",
}
ORDER = {
    "dvpn": "domestic violence protection notice",
    "dvpo": "domestic violence protection order",
    "nmo": "non-molestation order",
    "ro": "restraining order",
    "spo": "stalking protection order",
}
