"""How many cases there will be, by body and tier, over years: growth, observed moves between stages, chance.

Cases are counted, not followed one by one: a run moves the cases of each body, workflow and stage together, by
multinomials. Equal input and seed give equal numbers, in whatever order cases and events come.
"""
