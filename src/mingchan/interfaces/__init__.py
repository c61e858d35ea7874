"""How people and machines come in, across contexts."""
