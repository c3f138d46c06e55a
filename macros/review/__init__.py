"""What a change means for its approver: a pure function of two loaded workspaces.

Neither side is imported, rendered or checked out here; both are data.
"""

from macros.review.comparison import Review, review

__all__ = ["Review", "review"]
