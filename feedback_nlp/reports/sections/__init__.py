"""The sections of a report, one file each: from an analysis to what its part of the page shows."""
