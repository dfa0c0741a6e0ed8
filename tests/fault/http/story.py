"""story.py - one operation while something is wrong, and once more when all is well."""


class Story:
    """What is to be seen of an operation. `requests` are the kinds (ends.py) of what it sends."""

    operation, requests = None, []
    # How the second try may end when the first may have done it.
    after_doubt = ()
    once = ()  # the kinds that are not sent twice, even where curl would

    def __init__(self, rig):
        self.rig = rig
        self.line = {}

    def prepare(self):
        """Makes, without the proxy, what the operation needs; fills the line."""

    def named(self):
        """What an error must name."""
        return ""

    def right(self, out):
        """Whether what it gave is right."""
        return True

    def done(self):
        """Whether its effect is there; None: it has none, or one that may be there by half.
        Raises Wrong when it is there by half and may not."""
        return None
