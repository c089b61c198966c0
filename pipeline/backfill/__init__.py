"""Years at once: WARC files of any origin → one Parquet part each → the store."""
