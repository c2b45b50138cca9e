"""An invented county: people, registers and planted truths, all below county 370499."""
