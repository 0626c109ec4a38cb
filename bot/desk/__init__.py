"""The editors' desk: opinions are written, approved and led to every message that tells the story."""
