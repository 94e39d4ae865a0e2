# %% [markdown]
# # Count beats yourself
#
# <details><summary>Hint 1</summary>A minute has sixty seconds.</details>
# <details><summary>Hint 2</summary>Multiply by six.</details>

# %%
from labutils import practice

### BEGIN SOLUTION
### STUB: rate = ...  # beats per minute, from 13 beats in ten seconds
rate = 13 * 6
### END SOLUTION
practice.check("rate", rate, expected=78, hint="Multiply by six.")
