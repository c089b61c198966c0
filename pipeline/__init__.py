"""Pages → findings → answers: cleaning, extraction, the store, questions and the command line."""
