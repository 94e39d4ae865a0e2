# %% [markdown]
# # Count heartbeats
#
# ![A line with a regular peak for every beat of the heart.](figures/pulse.svg)

# %%
import numpy as np

# %% [markdown]
# ## 1. Count
#
# Twelve beats in ten seconds are 72 beats per minute.

# %%
rate = 12 / 10 * 60
assert np.isclose(rate, 72)
