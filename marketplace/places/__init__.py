"""Postcodes, points and distances.

Every point lies on one plane in whole metres: the British National Grid, stretched over
Northern Ireland too, so that a distance is plain arithmetic on whole numbers.
"""
