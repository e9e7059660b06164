-- Names, their wallets, and posts: every author wrote exactly 10, so the answer stays the same while the input grows.
CREATE FUNCTION bench.fill(names int, posts int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  authors int := posts / 10;
BEGIN
  -- The rows are right, and checking each foreign key takes long.
  PERFORM set_config('session_replication_role', 'replica', true);
  INSERT INTO ds_ens.wallets (id, address) SELECT 'w' || n, '0x' || md5(n::text) FROM generate_series(0, names - 1) AS n;
  INSERT INTO ds_ens.names (id, name, wallet_id)
  SELECT 'n' || n, 'name' || n || '.eth', 'w' || n FROM generate_series(0, names - 1) AS n;
  -- The posts of an author are spread over the table, as in a table that grew.
  INSERT INTO ds_social_network.posts (id, title, author)
  SELECT 'p' || n, 'What ' || n || ' is about', 'name' || (n % authors) * (names / authors) || '.eth'
  FROM generate_series(0, posts - 1) AS n;
END $$;

-- A hundred authors and their wallets.
CREATE FUNCTION bench.probes(names int, posts int) RETURNS TABLE (address text, name text) LANGUAGE sql AS $$
  SELECT w.address, n.name
  FROM generate_series(0, 99) AS probe
  JOIN ds_ens.names AS n ON n.id = 'n' || (probe::int8 * (posts / 10) / 100) * (names / (posts / 10))
  JOIN ds_ens.wallets AS w ON w.id = n.wallet_id
  ORDER BY probe
$$;
