"""The powers under which agencies in Wales share, as far as a program can check them.

A lint, not advice: it knows a few limits that statutes draw, each dated. Grade A was read in a
stored source, B is well known to the author and must be checked before anybody relies on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.synth.schema import AGENCIES
from darkfigure.synth.schema.manifest import Kind


def agencies_of(*kinds: Kind) -> frozenset[str]:
    """Name the agencies that are of any of some kinds, as their manifests say."""
    return frozenset(name for name, agency in AGENCIES.items() if agency.kinds & set(kinds))


HEALTH = agencies_of("health")
CARE = agencies_of("care")
CHILDREN = agencies_of("children")
# Crime and Disorder Act 1998 s.115: police, policing bodies, councils, health boards, probation.
_RELEVANT = agencies_of("health", "care", "relevant") | {"csp", "vpu", "probation"}
_COMPETENT = agencies_of("police")  # for law enforcement


@dataclass(frozen=True)
class Power:
    """One power to share.

    Parameters
    ----------
    title
        Act and section.
    since
        The day on which the checked text was in force, or read.
    grade
        "A" or "B", as the module defines them.
    source
        Address or name of the text.
    refuses
        A function from a flow to the reason why the power does not cover it; "" if it does.
    """

    title: str
    since: dt.date
    grade: str
    source: str
    refuses: Callable[[Flow], str]


def _anything(flow: Flow) -> str:  # noqa: ARG001, the shape of a rule
    return ""


def _serious_violence(flow: Flow) -> str:
    if flow.is_personal and flow.source.kind in HEALTH | CARE:
        return (
            "s.16(4) does not authorise patient information, nor personal information from a "
            "health or social-care authority; release counts without identity instead"
        )
    return ""


def _crime_and_disorder(flow: Flow) -> str:
    recipients = [flow.recipient.agency, *flow.recipient.onward]
    wrong = [agency for agency in recipients if agency.split(":", maxsplit=1)[0] not in _RELEVANT]
    if wrong and flow.is_personal:
        return f"s.115 is about disclosure to relevant authorities, which {wrong[0]} is not"
    return ""


def _about_children(flow: Flow) -> str:
    if flow.source.kind in CHILDREN or "child" in flow.rows or "date_of_birth" in flow.rows:
        return ""
    return "it is about children; take only their rows, with a condition in `rows`"


def _england(flow: Flow) -> str:  # noqa: ARG001
    return "this section extends to England only; in Wales look to the Act of 2014"


def _research(flow: Flow) -> str:
    if flow.source.kind in HEALTH:
        return "s.64 does not cover information held for health services or adult social care"
    if flow.reads_persons:
        return "s.64 wants information processed first so that nobody is identified"
    return ""


def _on(year: int, month: int = 1, day: int = 1) -> dt.date:
    return dt.date(year, month, day)


_ACTS = "legislation.gov.uk"
POWERS: Mapping[str, Power] = {
    "none": Power("no power is claimed", _on(2026), "B", "", _anything),
    "PCSC2022-s16": Power(
        "Police, Crime, Sentencing and Courts Act 2022 s.16 (serious violence duty)",
        _on(2022, 4, 28),
        "A",
        f"{_ACTS}/ukpga/2022/32/section/16",
        _serious_violence,
    ),
    "CDA1998-s115": Power(
        "Crime and Disorder Act 1998 s.115",
        _on(1998, 7, 31),
        "B",
        f"{_ACTS}/ukpga/1998/37/section/115",
        _crime_and_disorder,
    ),
    "DPA2018-part3": Power(
        "Data Protection Act 2018 Part 3 (between competent authorities)",
        _on(2018, 5, 25),
        "B",
        f"{_ACTS}/ukpga/2018/12/part/3",
        lambda flow: (
            ""
            if flow.source.kind in _COMPETENT
            else f"{flow.source.kind} is no competent authority for law enforcement"
        ),
    ),
    "CA2004-s25": Power(
        "Children Act 2004 s.25 (cooperation in Wales)",
        _on(2004, 11, 15),
        "B",
        f"{_ACTS}/ukpga/2004/31/section/25",
        _about_children,
    ),
    "CA2004-s10": Power(
        "Children Act 2004 s.10 (cooperation in England)",
        _on(2004, 11, 15),
        "B",
        f"{_ACTS}/ukpga/2004/31/section/10",
        _england,
    ),
    "SSWBA2014-s128": Power(
        "Social Services and Well-being (Wales) Act 2014 s.128 (duty to report adults at risk)",
        _on(2016, 4, 6),
        "B",
        f"{_ACTS}/anaw/2014/4/section/128",
        _anything,
    ),
    "SSWBA2014-s130": Power(
        "Social Services and Well-being (Wales) Act 2014 s.130 (duty to report children at risk)",
        _on(2016, 4, 6),
        "B",
        f"{_ACTS}/anaw/2014/4/section/130",
        _about_children,
    ),
    "SSWBA2014-s164": Power(
        "Social Services and Well-being (Wales) Act 2014 s.164 (duty to cooperate and inform)",
        _on(2016, 4, 6),
        "B",
        f"{_ACTS}/anaw/2014/4/section/164",
        _anything,
    ),
    "DEA2017-s64": Power(
        "Digital Economy Act 2017 s.64 (research)",
        _on(2018, 10, 1),
        "B",
        f"{_ACTS}/ukpga/2017/30/section/64",
        _research,
    ),
    "NHSA2006-s251": Power(
        "National Health Service Act 2006 s.251, regulation 5 (approved by an advisory group)",
        _on(2007, 3, 1),
        "B",
        f"{_ACTS}/ukpga/2006/41/section/251",
        lambda flow: "" if flow.source.kind in HEALTH else "it is about patient information",
    ),
    "common-law-policing": Power(
        "the police's power at common law to share for a policing purpose",
        _on(2018, 5, 25),
        "B",
        "Code of Practice on the Management of Police Information 2005",
        lambda flow: "" if flow.source.kind in _COMPETENT else "it is the police's own",
    ),
    "future-act": Power(
        "an Act that does not exist: the strategy is a thought experiment",
        _on(2026),
        "B",
        "",
        _anything,
    ),
}
