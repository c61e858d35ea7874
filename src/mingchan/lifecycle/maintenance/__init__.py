"""巡查维修: Rounds of inspection by a rhythm, faults, repairs with their cost, warranties."""
