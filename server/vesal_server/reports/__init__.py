"""Reports, one folder a report; they read and write nothing, but for the upload that stands beside its report."""
