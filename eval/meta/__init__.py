"""How well each metric agrees with people, on corpora that people labelled."""
