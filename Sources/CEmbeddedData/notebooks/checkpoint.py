# %% [markdown]
# ## The file
#
# Its attribute `content_sha256` says what it holds; here the hash is computed again.
# %%
checkpoint = Checkpoint("{{PATH}}")
print(f"content_sha256 {checkpoint.verify()} holds")
print(checkpoint)
objective = checkpoint.objective
print("its validation objective is " + ("not known" if objective is None else f"{objective:#.4g}"))
