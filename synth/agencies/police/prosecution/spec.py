"""What a scenario may say of detention, charges, courts and protective orders."""

from __future__ import annotations

from darkfigure.synth.core.spec import Amount, Rate, Spec


class Detention(Spec):
    """Detention and release; assumed unless a source is named."""

    voluntary_rate: Rate = 0.45
    """Share of those charged or cautioned, but for grave and domestic cases, who came by
    appointment instead of being arrested."""
    median_hours: Amount = 11.0
    """From the authorisation of detention to the decision, median."""
    sd_log: Amount = 0.55
    extended_rate: Rate = 0.12
    """Share of detentions for grave crime that last longer than 24 hours."""
    bailed_before_rate: Rate = 0.3
    """Share of suspects released before a decision who are on bail, until 27 October 2022. Source
    of the direction: bail fell steeply after the Policing and Crime Act 2017 (Home Office 2021).
    """
    bailed_rate: Rate = 0.6
    """The same from 28 October 2022 on, when the law no longer presumed against bail."""
    bailed_domestic_factor: Amount = 1.4
    """Factor on both in domestic cases."""
    decided_later_days: Amount = 60.0
    """From release to the decision, mean."""


class Courts(Spec):
    """Listing and results of courts; assumed unless a source is named.

    With them half of the cases of magistrates end some 180 days after the offence (Ministry of
    Justice: 177 to 189 in 2022), and of the Crown Court some 370 (371 to 378).
    """

    guilty_at_first_rate: Rate = 0.58
    guilty_at_first_domestic_rate: Rate = 0.42
    sent_rate: Rate = 0.2
    """Share of cases of either way that are sent to the Crown Court."""
    trial_least_days: Amount = 84.0
    """From a plea of not guilty to the trial, magistrates: the least."""
    trial_days: Amount = 120.0
    """Beyond that, mean."""
    crown_trial_least_days: Amount = 150.0
    crown_trial_days: Amount = 300.0
    ineffective_rate: Rate = 0.26
    """Share of trials that are put off. Source: 13 to 31 % at the Crown Court, 2014 to mid-2022
    (Ministry of Justice); the rest assumed."""


class Orders(Spec):
    """Protective orders; all assumed unless a source is named."""

    notice_rate: Rate = 0.02
    """Share of crimes between partners with an adult suspect who is not charged at once, after
    which the police serve a notice. Source: an order in about 1 % of domestic cases (Centre for
    Women's Justice, as told in the press)."""
    notice_upheld_rate: Rate = 0.9
    stalking_rate: Rate = 0.03
    """Share of recorded stalking with a named suspect."""
    restraining_rate: Rate = 0.35
    """Share of convictions in domestic cases, and of harassment and stalking."""
    restraining_acquitted_rate: Rate = 0.04
    told_rate: Rate = 0.85
    """Share of the family court's orders of which the force is told."""
    noticed_rate: Rate = 0.6
    """Share of later occurrences between the same two in which an officer notices the order."""


class Prosecution(Spec):
    """What follows an arrest."""

    arrested_rate: Rate = 0.3
    """Named suspects of crimes who are arrested; charged and cautioned ones always appear."""
    detention: Detention = Detention()
    courts: Courts = Courts()
    orders: Orders = Orders()
