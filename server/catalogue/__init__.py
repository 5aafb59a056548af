"""The catalogue (资源类型): what can be asked for and given, in which unit, how strictly bounded, how far it may reach."""
