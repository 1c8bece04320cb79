"""Checks that ask the network (`check --online`): whether links work, and whether DNS vouches for the sender."""
