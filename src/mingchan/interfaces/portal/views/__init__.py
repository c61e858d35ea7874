"""Pages of the portal (公示平台): places, labels, notices, what people send, what they may read. No login anywhere."""
