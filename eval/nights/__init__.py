"""Every night all configurations on all corpora: stored, compared, gated, and what changed when."""
