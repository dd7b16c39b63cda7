"""Measurements, as ratios against something that is run side by side."""
