-- A tier without limits, since agents send many requests at once.
INSERT INTO tiers (id, rank) VALUES ('unlimited', 99);
