# %% [markdown]
# # Explain
