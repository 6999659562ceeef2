"""Many articles in, one de-duplicated, cited, checked briefing out."""
