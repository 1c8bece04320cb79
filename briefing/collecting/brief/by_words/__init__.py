"""Read a brief by the words of its lines.

Classified lines → joined lines (`lines`) → what they are in their context (`context`) → groups, one for each item
(`groups`) → items (`items`, each filled in line by line: `draft`) → the brief (`assemble`)
"""
