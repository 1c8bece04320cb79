"""Read a brief by what repeats in it: the same arrangement of headline, source, date and link.

messages (chats and forwarded mails taken apart) → rows → dividing, in eleven ways → heads of items, in each
arrangement → reading (the best division) → parse: items.
"""
