"""调查摸底: A third party's survey compared with the register, settled one by one."""
