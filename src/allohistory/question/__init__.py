"""Questions: the file a reader writes, and what it means in the terms of the model."""
