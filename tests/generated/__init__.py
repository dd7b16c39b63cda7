"""Tests of twins whose worlds nobody wrote, by documents in the shape of those that frameworks make."""
