"""The trace (留痕): an append-only log of every act, its trees, attachments and verifier."""
