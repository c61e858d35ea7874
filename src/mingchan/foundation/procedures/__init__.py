"""审批: procedures drawn as BPMN, run step by step by the offices that the drawing names."""
