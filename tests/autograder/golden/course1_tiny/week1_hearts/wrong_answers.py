"""Wrong on purpose."""


# %% exercise="beats_per_minute" name="counts_beats_not_gaps" caught_by="visible" says="one gap"
def beats_per_minute(times):
    return 60 * len(times) / (times[-1] - times[0])


# %% exercise="faster" name="equal_counts_too" caught_by="hidden" says="neither is faster"
def faster(first, second):
    return first >= second
