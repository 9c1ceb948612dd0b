"""The Ledger page: what was spent, and on request what is left.

spending         the sum, the chart by day, tables by model, key and person, and the CSV
balance_button   the balance of a typed key of one's own
"""
