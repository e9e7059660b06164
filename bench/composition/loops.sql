-- For each shape a function that calls it over and over inside the server. They belong to kf_public, which is who calls.
GRANT USAGE ON LANGUAGE plpgsql TO kf_public;
CREATE SCHEMA loops AUTHORIZATION kf_public;
SET ROLE kf_public;
DO $make$
DECLARE
  shape record;
BEGIN
  FOR shape IN SELECT * FROM (VALUES
      ('generated', 'ds_social_network."get_author_posts@social_network"(ctx, probe)'),
      ('hand', 'bench.posts_hand(ctx, probe)'),
      ('copy', 'bench.posts_copy(ctx, probe)'),
      ('unchecked', 'bench.posts_unchecked(ctx, probe)'),
      ('unordered', 'bench.posts_unordered(ctx, probe)'),
      ('bare', 'bench.posts_bare(probe)'),
      ('raw', '(SELECT p.id, p.title, p.author FROM ds_ens.wallets AS w JOIN ds_ens.names AS n ON n.wallet_id = w.id '
        || 'JOIN ds_social_network.posts AS p ON p.author = n.name WHERE w.address = probe ORDER BY p.id)')) AS s (name, rows) LOOP
    EXECUTE format($format$
      CREATE FUNCTION loops.%I(calls int, addresses text[], names text[], run text) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE
        probe text;
        ctx kf.ctx := ROW('0xa', NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx;
      BEGIN
        FOR i IN 1 .. calls LOOP
          probe := addresses[i %% 100 + 1];
          PERFORM r.id, r.title, r.author FROM %s AS r;
        END LOOP;
      END $$ $format$, 'posts_' || shape.name, shape.rows);
  END LOOP;
  FOR shape IN SELECT * FROM (VALUES
      ('generated', 'ds_social_network."make_post@social_network"'),
      ('hand', 'bench.post_hand'),
      ('copy', 'bench.post_copy'),
      ('calls_bare', 'bench.post_calls_bare'),
      ('calls_pinned', 'bench.post_calls_pinned'),
      ('calls_generated', 'bench.post_calls_generated')) AS s (name, function) LOOP
    EXECUTE format($format$
      CREATE FUNCTION loops.%I(calls int, addresses text[], names text[], run text) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE
        ctx kf.ctx;
      BEGIN
        FOR i IN 1 .. calls LOOP
          ctx := ROW(addresses[i %% 100 + 1], NULL, 't', 1, 1, 'bench', '', 0)::kf.ctx;
          PERFORM %s(ctx, run || i, 'A post', names[i %% 100 + 1]);
        END LOOP;
      END $$ $format$, 'post_' || shape.name, shape.function);
  END LOOP;
END $make$;
RESET ROLE;
