"""The workbench (工作台): desks, overview and navigation."""
