"""Many drawings read at once: files, folders and ink lines → rows of a table, on all cores, in order, resumable."""
