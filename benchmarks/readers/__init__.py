"""How long readers wait while rows come in: python -m benchmarks.readers."""
