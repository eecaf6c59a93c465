"""The failures that a user can do something about."""


class SlotritError(Exception):
    """Something is wrong outside our code: a file, a setting, a broker.

    The message is one line for the user: what was wrong, where, and what to do. The command line prints it
    after `slotrit: ` and returns 1; nobody else catches it.
    """
