"""Servers on this computer that the senders are tested against: real protocols over real sockets,
faults on demand.
"""
