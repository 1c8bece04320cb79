"""Child processes in which untrusted data is read, with limits on time, memory and output."""
