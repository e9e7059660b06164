-- Ten thousand users in teams of ten, and as many scores.
INSERT INTO ds_people.users (id, name, age, team)
SELECT n, 'user ' || n, 18 + n % 60, n / 10 FROM generate_series(1, 10000) AS n;
INSERT INTO ds_logic.scores (id, player, points, paid)
SELECT n, 'player ' || n, n % 1000, n % 100 + 0.25 FROM generate_series(1, 10000) AS n;
