"""The parts windows are made of, each written once."""
