"""Pure algorithms of delivery bays."""
