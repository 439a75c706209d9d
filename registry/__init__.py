"""The ground floor: what things mean. Imports none of the other floors."""
