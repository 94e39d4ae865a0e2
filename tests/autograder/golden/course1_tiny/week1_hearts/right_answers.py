# %% exercise="beats_per_minute" name="from_first_to_last_beat"
def beats_per_minute(times):
    elapsed = times[-1] - times[0]
    return 60 * (len(times) - 1) / elapsed if len(times) > 1 else float("nan")
