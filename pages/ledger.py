"""The money: spent, and left."""

from components.ledger import balance_button, spending

balance_button.show()
spending.show()
