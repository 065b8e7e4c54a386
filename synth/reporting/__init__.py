"""Knowledge of violence: victims seek help, report, and the police record or do not."""
