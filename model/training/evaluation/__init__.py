"""What a classifier is worth: any weights on any held-out set, as figures with intervals and as a report to look at."""
