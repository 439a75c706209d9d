"""The tests are the manual: one file per route or subject, a story per test."""
