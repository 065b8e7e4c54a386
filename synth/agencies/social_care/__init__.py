"""Children's services: referrals, assessments, plans and care."""
