"""What is attainable: how well a task can be linked at all, by what its records say.

From below: a rule with labels, which sees every field of every pair and learns from the truth of
other people, attains so much. From above: pairs with the same recorded values are linked or left
together, by whatever rule. The truth is used here alone; no linker sees it.
"""
