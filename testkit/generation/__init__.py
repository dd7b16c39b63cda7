"""Drawing values with Hypothesis."""
