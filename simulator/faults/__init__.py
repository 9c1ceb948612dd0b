"""Failures on demand: which requests they strike, how often, and with what effect.

    faults            faults that wait for their requests
    strikes           the effect of each kind on an HTTP answer
    shapes            answers that users of relays report, as tables with their sources
    callbacks         callbacks, and the faults that let them come late, twice or never
    kinds             all kinds in one table
    wire              answers that cut, break off or drip: the socket under HTTP
    behaviour         when tasks go on
    control_words     the JSON of the control prefix, its ranges and its refusals

A new kind is a function and a row in `strikes`, a new shape a row in `shapes`; the command line, the control
prefix, the OpenAPI document and a test of docs/simulator.md take it from there.
"""
