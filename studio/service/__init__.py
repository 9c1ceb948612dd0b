"""The service that tasks are sent to: CometAPI, or the simulator.

    endpoint            its address with a key; makes the client
    keyring             the keys that this process has, in memory only, by fingerprints
    model_evidence      which models live there: what was seen here, the catalogue, the table
    key_check           whether a service takes a key, asked for free
    balance             what is left on a typed key's account, asked for at its owner's press alone
    catalogue           the public list of models with its prices, asked for in the background
    kept_catalogue      its last good answer in the database, for the next start
    simulator_control   a client of the simulator's control routes: its pace and its faults

A key that a person typed ends with that person's session; the journal knows only its fingerprint, an HMAC
under the deployment's secret. Knows nothing of how a task is run, or of a screen.
"""
