"""The mailbox where readers write to leave, and to which mail comes back."""
