"""How to direct motion, shown on the sample photographs."""

from components import guide

guide.show()
