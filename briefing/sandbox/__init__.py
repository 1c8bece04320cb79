"""Child processes in which foreign data is understood, with limits on time, memory and output."""
