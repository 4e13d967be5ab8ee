"""Programs for those who work on Sanjeh: the lock file and the generated reference. Nothing here is installed."""
