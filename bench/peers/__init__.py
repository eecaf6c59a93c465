"""The same job as the worker's, written on other foundations, each as its documentation has it.

What a message comes to is decided by the same steps everywhere, so what differs is the plumbing: reading,
publishing, a state that survives SIGKILL, and committing.
"""
