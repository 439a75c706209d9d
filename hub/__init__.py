"""The roof: the database of observations, releases, deliveries, access, app and command line; wires all floors."""
