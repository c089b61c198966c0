"""The web → archived pages: sources, discovery, polite fetching, ledger and WARC archive."""
