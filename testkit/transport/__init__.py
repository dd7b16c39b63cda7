"""How requests reach a target, and what keeps secrets and live systems safe."""
