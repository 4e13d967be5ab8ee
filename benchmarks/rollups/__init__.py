"""What roll-ups cost to build and to keep up, and what they answer: python -m benchmarks.rollups."""
