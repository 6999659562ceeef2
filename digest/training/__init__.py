"""Fine-tuning models on corpora that lie on this machine. Needs torch and transformers."""
