"""The times of a call: from the telephone to the handover at the hospital."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.ambulance.calls import CANCELLED, CONVEYED, Calls
from darkfigure.synth.agencies.ambulance.spec import AmbulanceService
from darkfigure.synth.agencies.ambulance.tables import PRIORITY
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.calendar import MINUTE_S

# Spreads of the logarithms of times; assumed.
_ALLOCATION_SD, _ON_SCENE_SD, _JOURNEY_SD, _HANDOVER_SD = 0.8, 0.4, 0.35, 0.8
_TENTH = 1.2816  # of the normal distribution: nine tenths lie below; no rate
_DESK_S = 8 * 60  # a department books a patient in within so long of the arrival; assumed
_NEWS_S = 60  # nobody calls sooner after an act of violence; assumed
_OF_STAY = 0.8  # share of an attendance by which the patient is handed over at the latest; assumed
_CANCELLED_BY = 0.5  # share of the wait after which a call is cancelled, mean; assumed
_NEWS_TO_HOSPITAL_S = 6 * _NEWS_S  # nor is at the hospital sooner after it; assumed


@dataclass(frozen=True)
class CallTimes:
    """Times in seconds since 1970-01-01, one entry a call; -1 for what never came."""

    called: Ints
    allocated: Ints
    on_scene: Ints
    left_scene: Ints
    at_hospital: Ints
    handover: Ints


def time_calls(
    calls: Calls,
    priority: Ints,
    occurred_s: Ints,
    rural: Mask,
    spec: AmbulanceService,
    chance: Stream,
) -> CallTimes:
    """Draw the times of calls.

    Where the arrival at a department is known, the times before follow from it. If an act of
    violence lies too shortly before for the waits that were drawn, all of them are shortened alike.

    Parameters
    ----------
    calls
        The calls.
    priority
        Index into `PRIORITY`, shape (n,).
    occurred_s
        When the act of violence was, seconds since 1970-01-01; -1 for none.
    rural
        Whether the place is rural, shape (n,).
    spec
        The service's specification.
    chance
        The service's stream.
    """
    ids, conveyed = calls.ids, calls.stop == CONVEYED
    response = _response_s(priority, ids, spec, chance)
    stay = _drawn_s(priority, "on_scene", _ON_SCENE_SD, ids, spec, chance)
    median = np.where(rural, spec.journey_rural_minutes, spec.journey_urban_minutes)
    journey = MINUTE_S * median * np.exp(_JOURNEY_SD * chance.normal("journey", ids))
    hospital = calls.arrived_s - chance.below("desk", ids, _DESK_S)
    soonest = np.maximum(hospital, occurred_s + _NEWS_TO_HOSPITAL_S)
    hospital = np.where(occurred_s >= 0, soonest, hospital)
    hospital = np.minimum(hospital, calls.arrived_s)
    chain = response + stay + journey
    room = np.where(occurred_s >= 0, hospital - occurred_s - _NEWS_S, np.inf)
    squeeze = np.where(conveyed, np.clip(room / chain, 0.0, 1.0), 1.0)
    response, stay, journey = (part * squeeze for part in (response, stay, journey))
    called = np.where(conveyed, hospital - (response + stay + journey), calls.called_s)
    allocation = _drawn_s(priority, "allocation", _ALLOCATION_SD, ids, spec, chance)
    allocated = called + np.minimum(allocation, response / 2)
    on_scene = called + response
    handover = _handover(calls, hospital, spec, chance)
    cancelled = calls.stop == CANCELLED
    given_up = cancelled & (chance.uniform("given_up", ids) < _CANCELLED_BY)
    return CallTimes(
        called=_whole(called, np.zeros(len(ids), bool)),
        allocated=_whole(allocated, given_up),
        on_scene=_whole(on_scene, cancelled),
        left_scene=_whole(on_scene + stay, cancelled),
        at_hospital=_whole(hospital.astype(float), ~conveyed),
        handover=_whole(handover, ~conveyed),
    )


def _response_s(priority: Ints, ids: Ints, spec: AmbulanceService, chance: Stream) -> Floats:
    waits = [getattr(spec, name) for name in PRIORITY]
    median = np.array([wait.response for wait in waits])[priority]
    spread = np.array([np.log(wait.response_p90 / wait.response) / _TENTH for wait in waits])
    return np.asarray(MINUTE_S * median * np.exp(spread[priority] * chance.normal("response", ids)))


def _drawn_s(
    priority: Ints, name: str, spread: float, ids: Ints, spec: AmbulanceService, chance: Stream
) -> Floats:
    median = np.array([getattr(getattr(spec, colour), name) for colour in PRIORITY])[priority]
    return np.asarray(MINUTE_S * median * np.exp(spread * chance.normal(name, ids)))


def _handover(calls: Calls, hospital: Ints, spec: AmbulanceService, chance: Stream) -> Floats:
    spread = np.exp(_HANDOVER_SD * chance.normal("handover", calls.ids))
    wait = MINUTE_S * spec.handover_minutes * spread
    return np.asarray(hospital + np.minimum(wait, _OF_STAY * (calls.left_s - hospital)))


def _whole(seconds: Floats, never: Mask) -> Ints:
    return np.where(never, -1, np.floor(seconds)).astype(np.int64)
