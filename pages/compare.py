"""Two to four kept videos side by side, in step."""

from components.compare import comparison

comparison.show()
