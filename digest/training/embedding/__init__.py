"""Train the embedded model of sentences: word pieces with vectors, taught by an encoder."""
