"""Which of several systems is better: paired statistics over the clusters of one corpus."""
