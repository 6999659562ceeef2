"""The models that ship with the project: small encoders over word pieces, run without torch."""
