"""Money before it is a thing (资金、项目): appropriations and fund uses."""
