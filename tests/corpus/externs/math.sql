CREATE SCHEMA tools;
GRANT USAGE ON SCHEMA tools TO kf_reader;

CREATE FUNCTION tools.divide(round text, places int8, a numeric, b numeric, up boolean) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN up OR round = 'up' THEN ceil(a / b * 10 ^ places) ELSE floor(a / b * 10 ^ places) END / 10 ^ places
$$;
-- An overload that must not be taken.
CREATE FUNCTION tools.divide(round text, places int8, a int8, b int8, up boolean) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$ SELECT -1::numeric $$;

CREATE FUNCTION tools.split(round text, places int8, n int8, OUT whole int8, OUT rest numeric)
LANGUAGE sql STABLE AS $$ SELECT n / 3, (n % 3) / 3.0 $$;

CREATE FUNCTION tools.series(round text, places int8, n int8) RETURNS TABLE (one int8, two numeric, three text)
LANGUAGE sql STABLE AS $$
  SELECT i, i / 3.0, CASE WHEN i % 2 = 0 THEN 'even' END FROM generate_series(n, 1, -1) AS i
$$;

CREATE FUNCTION tools.words(round text, places int8, sentence text) RETURNS SETOF text
LANGUAGE sql STABLE AS $$ SELECT regexp_split_to_table(sentence, ' ') $$;

CREATE FUNCTION tools.halves(round text, places int8, "of" numeric[], big kf.uint256, OUT halves numeric[], OUT half kf.uint256)
LANGUAGE sql STABLE AS $$ SELECT ARRAY(SELECT e / 2 FROM unnest("of") AS e), div(big, 2)::kf.uint256 $$;

CREATE TABLE tools.notes (n int8 GENERATED ALWAYS AS IDENTITY, words text);
CREATE FUNCTION tools.next(round text, places int8) RETURNS int8
LANGUAGE sql VOLATILE SECURITY DEFINER AS $$ INSERT INTO tools.notes (words) VALUES (round) RETURNING n $$;
CREATE FUNCTION tools.noted(round text, places int8, words text) RETURNS TABLE (n int8, words text)
LANGUAGE sql VOLATILE SECURITY DEFINER AS $$
  INSERT INTO tools.notes (words) VALUES ($3);
  SELECT n.n, n.words FROM tools.notes AS n ORDER BY n.n DESC
$$;
CREATE FUNCTION tools.log(round text, places int8, message text, height int8) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RAISE NOTICE USING ERRCODE = 'KF000', MESSAGE = format('%s at %s', message, height);
END $$;
