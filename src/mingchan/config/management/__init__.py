"""Commands of the program that replace the framework's."""
