"""Where bytes lie: a folder by content hash, or any S3 store."""
