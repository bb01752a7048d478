"""What client and server both say and mean; knows neither Qt nor SQL nor HTTP."""
