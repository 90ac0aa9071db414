"""The live host: custom functions and ribbon actions. The only place that imports xlwings."""
