"""Letters that a firm sends for its client: reminders by dunning level, and what they are made of."""
