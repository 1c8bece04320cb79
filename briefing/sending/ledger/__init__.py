"""The record of each send: which readers it goes to, what was handed over, and with which outcome."""
